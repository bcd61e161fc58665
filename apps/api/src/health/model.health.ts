import { Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ModelRegistry } from '#registry';

/** Whether the required model can answer, and if not, why. */
@Injectable()
export class ModelHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
  ) {}

  /** Up once the model is proven, even if a newer version or another model failed to load. */
  isReady(): HealthIndicatorResult<'model'> {
    const { state } = this.registry;
    const indicator = this.indicators.check('model');
    if (state.status === 'loading') return indicator.down('The model is being loaded');
    if (state.status === 'failed') return indicator.down(state.failure);
    if (state.status === 'undecided') return this.isAnyReady(state.models.length);
    const { name, version } = state.model.manifest;
    const proof = state.model.kind === 'pipeline' ? { golden_rows: state.model.parity.rows } : {};
    const serving: { name: string; version: string; golden_rows?: number } = { name, version, ...proof };
    const failures = [state.failure, ...this.registry.failures].filter((failure) => failure !== undefined);
    return failures.length > 0
      ? indicator.degraded({ ...serving, message: failures.join('\n') })
      : indicator.up(serving);
  }

  /**
   * Without a default among several models, each answers by its name; the names are shown only to callers with a key.
   */
  private isAnyReady(models: number): HealthIndicatorResult<'model'> {
    const indicator = this.indicators.check('model');
    if (!this.registry.isReady) return indicator.down(this.registry.failures.join('\n') || 'No model has a champion');
    const serving = { models, default: null };
    const { failures } = this.registry;
    return failures.length > 0
      ? indicator.degraded({ ...serving, message: failures.join('\n') })
      : indicator.up(serving);
  }

  /** Up once the first load has ended, successfully or not: a restart would not repair a broken bundle. */
  hasStarted(): HealthIndicatorResult<'startup'> {
    const indicator = this.indicators.check('startup');
    return this.registry.state.status === 'loading' ? indicator.down('The model is being loaded') : indicator.up();
  }
}

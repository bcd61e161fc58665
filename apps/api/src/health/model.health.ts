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

  /** Up once the model is proven, also while a newer version failed to load. */
  isReady(): HealthIndicatorResult<'model'> {
    const { state } = this.registry;
    const indicator = this.indicators.check('model');
    if (state.status === 'loading') return indicator.down('The model is being loaded');
    if (state.status === 'failed') return indicator.down(state.failure);
    const { name, version } = state.model.manifest;
    const serving = { name, version, golden_rows: state.model.parity.rows };
    return state.failure ? indicator.degraded({ ...serving, message: state.failure }) : indicator.up(serving);
  }

  /** Up once the first load has ended, well or not: restarting would not mend a broken bundle. */
  hasStarted(): HealthIndicatorResult<'startup'> {
    const indicator = this.indicators.check('startup');
    return this.registry.state.status === 'loading' ? indicator.down('The model is being loaded') : indicator.up();
  }
}

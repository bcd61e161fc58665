import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { ModelHealthIndicator } from './model.health.js';

@Module({})
export class HealthModule {
  /** @param drainMilliseconds how long to continue serving after SIGTERM, while readiness answers 503 */
  static forRoot(drainMilliseconds: number): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ gracefulShutdownTimeoutMs: drainMilliseconds, logger: false })],
      controllers: [HealthController],
      providers: [ModelHealthIndicator],
    };
  }
}

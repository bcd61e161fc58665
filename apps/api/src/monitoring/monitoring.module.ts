import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { FeedbackController } from './feedback.controller.js';
import { Monitor } from './monitor.js';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options.js';

/** Time limit for writing the last records at shutdown. */
const SHUTDOWN_MILLISECONDS = 3_000;

/** Accepts labels, and writes the last records at shutdown. */
@Module({})
export class MonitoringModule implements OnApplicationShutdown {
  /** @param monitor `null` where monitoring is disabled */
  static forRoot(monitor: Monitor | null, options: MonitoringOptions): DynamicModule {
    return {
      module: MonitoringModule,
      controllers: [FeedbackController],
      providers: [
        { provide: Monitor, useValue: monitor },
        { provide: MONITORING_OPTIONS, useValue: options },
      ],
      exports: [Monitor],
    };
  }

  constructor(@Inject(Monitor) private readonly monitor: Monitor | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.monitor?.close(SHUTDOWN_MILLISECONDS);
  }
}

import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { FeedbackController } from './feedback.controller.js';
import { Monitor } from './monitor.js';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options.js';

/** How long the last records may take to be written. */
const END_MILLISECONDS = 3_000;

/** Takes labels, and writes the last records before the process ends. */
@Module({})
export class MonitoringModule implements OnApplicationShutdown {
  /** @param monitor `null` where nothing is kept */
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
    await this.monitor?.close(END_MILLISECONDS);
  }
}

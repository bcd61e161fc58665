import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Monitor } from './monitor.js';

/** How long the last records may take to be written. */
const END_MILLISECONDS = 3_000;

/** Writes the last records before the process ends. */
@Module({})
export class MonitoringModule implements OnApplicationShutdown {
  static forRoot(monitor: Monitor): DynamicModule {
    return { module: MonitoringModule, providers: [{ provide: Monitor, useValue: monitor }], exports: [Monitor] };
  }

  constructor(@Inject(Monitor) private readonly monitor: Monitor) {}

  async onApplicationShutdown(): Promise<void> {
    await this.monitor.close(END_MILLISECONDS);
  }
}

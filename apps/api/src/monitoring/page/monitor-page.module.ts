import { type DynamicModule, Inject, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ModelRegistry } from '#registry';
import type { Monitor } from '../monitor.js';
import { MonitorPageController } from './monitor-page.controller.js';
import { MonitorPages, type MonitorPagesOptions } from './monitor-pages.js';
import { PageSource } from './page-source.js';

/** Pages at /monitor. */
@Module({})
export class MonitorPageModule implements OnApplicationShutdown {
  /**
   * @param folder of the models
   * @param jobs folder of the training jobs
   * @param monitor absent where monitoring is disabled; the pages then say so
   */
  static forRoot(folder: string, jobs: string, options: MonitorPagesOptions, monitor?: Monitor): DynamicModule {
    const pages = monitor && new MonitorPages(options);
    return {
      module: MonitorPageModule,
      controllers: [MonitorPageController],
      providers: [
        {
          provide: PageSource,
          inject: [ModelRegistry],
          useFactory: (registry: ModelRegistry) => new PageSource(registry, folder, jobs, monitor, pages),
        },
        ...(pages ? [{ provide: MonitorPages, useValue: pages }] : []),
      ],
    };
  }

  constructor(@Optional() @Inject(MonitorPages) private readonly pages?: MonitorPages) {}

  onApplicationShutdown(): void {
    this.pages?.close();
  }
}

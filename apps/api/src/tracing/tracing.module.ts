import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Tracing } from './tracing.js';

const TRACING = Symbol('TRACING');

/** Sends the last spans before the process ends. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  static forRoot(tracing: Tracing): DynamicModule {
    return { module: TracingModule, providers: [{ provide: TRACING, useValue: tracing }] };
  }

  constructor(@Inject(TRACING) private readonly tracing: Tracing) {}

  onApplicationShutdown(): Promise<void> {
    return this.tracing.close().catch(() => undefined);
  }
}

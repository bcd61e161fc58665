import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Tracing } from './tracing.js';

export const TRACING = Symbol('TRACING');

/** Sends the last spans before the process ends. */
@Module({})
export class TracingModule implements OnApplicationShutdown {
  /** @param tracing `null` if tracing is disabled */
  static forRoot(tracing: Tracing | null): DynamicModule {
    return { module: TracingModule, providers: [{ provide: TRACING, useValue: tracing }], exports: [TRACING] };
  }

  constructor(@Inject(TRACING) private readonly tracing: Tracing | null) {}

  async onApplicationShutdown(): Promise<void> {
    await this.tracing?.close().catch(() => undefined);
  }
}

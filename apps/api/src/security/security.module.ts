import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Authenticator } from './authenticator.js';

/** The {@link Authenticator} of a secured server, `null` in an open one. */
export const AUTHENTICATOR = Symbol('AUTHENTICATOR');

@Module({})
export class SecurityModule implements OnApplicationShutdown {
  static forRoot(authenticator: Authenticator | null): DynamicModule {
    return {
      module: SecurityModule,
      global: true,
      providers: [{ provide: AUTHENTICATOR, useValue: authenticator }],
      exports: [AUTHENTICATOR],
    };
  }

  constructor(@Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | null) {}

  onApplicationShutdown(): void {
    this.authenticator?.close();
  }
}

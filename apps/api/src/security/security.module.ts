import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Authenticator } from './authenticator.js';
import { KeyRing, type KeySources } from './keys/key-ring.js';

/** Whether callers must prove who they are. Only then are there routes that change something. */
export const isSecured = ({ keys, keysFile }: KeySources): boolean => keys !== undefined || keysFile !== undefined;

/** The {@link Authenticator} of a secured server, `null` in an open one. */
export const AUTHENTICATOR = Symbol('AUTHENTICATOR');

@Module({})
export class SecurityModule implements OnApplicationShutdown {
  /** @throws Error when the keys cannot be read */
  static forRoot(sources: KeySources): DynamicModule {
    const authenticator = isSecured(sources) ? new Authenticator(new KeyRing(sources)) : null;
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

import type { Metadata } from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { assertScope, type Authenticator } from '../security/authenticator.js';
import type { Scope } from '../security/scopes.js';
import { AUTHENTICATOR } from '../security/security.module.js';

const SCOPE = 'grpc-scope';

/** The scope that a call takes in a secured server; without one, anybody may call. */
export const Scoped = (scope: Scope): MethodDecorator => SetMetadata(SCOPE, scope);

/** Lets calls through that need no scope, or whose caller has it: what `authorize` is for HTTP. */
@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(@Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | null) {}

  /** @throws Problem `unauthorized` or `forbidden` */
  canActivate(context: ExecutionContext): boolean {
    const scope = Reflect.getMetadata(SCOPE, context.getHandler()) as Scope | undefined;
    if (!this.authenticator || scope === undefined) return true;
    const metadata = context.switchToRpc().getContext<Metadata>();
    const text = (name: string): string | undefined => metadata.get(name)[0]?.toString();
    const caller = this.authenticator.authenticate({ authorization: text('authorization'), apiKey: text('x-api-key') });
    assertScope(caller, scope);
    return true;
  }
}

import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { CALLERS } from './callers.js';
import { assertScope, type Authenticator } from '../security/authenticator.js';
import { clientNetwork } from '../security/rate-limit/client-network.js';
import type { RequestCounter } from '../security/rate-limit/count-requests.js';
import type { RateLimitOptions } from '../security/rate-limit/rate-limit.options.js';
import type { Scope } from '../security/scopes.js';
import { AUTHENTICATOR } from '../security/security.module.js';

const SCOPE = 'grpc-scope';

export const RATE_LIMIT = Symbol('RATE_LIMIT');

/** The scope that a call takes in a secured server; without one, anybody may call, as often as they like. */
export const Scoped = (scope: Scope): MethodDecorator => SetMetadata(SCOPE, scope);

/** Lets calls through that need no scope, or whose caller has it and is within the limit: as HTTP's middleware does. */
@Injectable()
export class ScopeGuard implements CanActivate {
  private count?: Promise<RequestCounter>;

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator | null,
    @Inject(RATE_LIMIT) private readonly rateLimit: RateLimitOptions,
  ) {}

  /** @throws Problem `unauthorized`, `forbidden` or `too-many-requests` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = Reflect.getMetadata(SCOPE, context.getHandler()) as Scope | undefined;
    if (scope === undefined) return true;
    const [, metadata, call] = context.getArgs<[object, Metadata, ServerUnaryCall<object, object>]>();
    const caller = this.authenticator && (await authenticated(this.authenticator, metadata, scope));
    if (this.rateLimit.requests > 0) {
      const count = await (this.count ??= this.counter());
      const counted = await count(caller ?? clientNetwork(addressOf(call.getPeer())));
      if (counted?.refusal) throw counted.refusal;
    }
    return true;
  }

  /** Loaded only where there is a limit. */
  private async counter(): Promise<RequestCounter> {
    const { countRequests } = await import('../security/rate-limit/count-requests.js');
    return countRequests(this.rateLimit);
  }
}

/** Who calls. @throws Problem `unauthorized` or `forbidden` */
async function authenticated(authenticator: Authenticator, metadata: Metadata, scope: Scope): Promise<string> {
  const text = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  const credentials = { authorization: text('authorization'), apiKey: text('x-api-key') };
  const caller = await authenticator.authenticate(credentials);
  CALLERS.set(metadata, caller.id);
  assertScope(caller, scope);
  return caller.id;
}

/** The address of `address:port` or `[address]:port`. */
const addressOf = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

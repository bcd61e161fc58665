import type { Metadata } from '@grpc/grpc-js';
import { assertScope, type Authenticator } from '../security/authenticator.js';
import { clientNetwork } from '../security/rate-limit/client-network.js';
import type { RequestCounter } from '../security/rate-limit/count-requests.js';
import type { RateLimitOptions } from '../security/rate-limit/rate-limit.options.js';
import type { RequiredScope } from '../routes/scope.js';
import type { Caller } from '../security/caller.js';

/** A call before its message is read. */
export interface HeldCall {
  readonly path: string;
  readonly metadata: Metadata;
  /** `address:port` of the client. */
  readonly peer: string;
  /** The authenticated caller, set even if it lacks the scope. */
  caller?: string;
}

/**
 * Admits calls that need no scope, or whose caller has it and is within its rate limit, like HTTP's middleware.
 * @returns a promise only if the check is asynchronous
 * @throws Problem `unauthorized`, `forbidden`, `too-many-requests` or `issuer-unavailable`
 */
export type CallGate = (call: HeldCall) => void | Promise<void>;

/** @param scopes required scopes of calls, by path */
export function callGate(
  scopes: ReadonlyMap<string, RequiredScope>,
  authenticator: Authenticator | null,
  rateLimit: RateLimitOptions,
): CallGate {
  let counter: Promise<RequestCounter> | undefined;
  const count = async ({ caller, peer }: HeldCall): Promise<void> => {
    const counted = await (await (counter ??= loadCounter(rateLimit)))(caller ?? clientNetwork(addressOf(peer)));
    if (counted?.refusal) throw counted.refusal;
  };
  return (call) => {
    const scope = scopes.get(call.path);
    // An unknown call needs no guard: it is answered UNIMPLEMENTED.
    if (scope === undefined || scope === 'open') return undefined;
    const admit = (caller?: Caller): void | Promise<void> => {
      if (caller) {
        call.caller = caller.id;
        assertScope(caller, scope);
      }
      return rateLimit.requests > 0 ? count(call) : undefined;
    };
    const caller = authenticator?.authenticate(credentialsIn(call.metadata));
    return caller instanceof Promise ? caller.then(admit) : admit(caller);
  };
}

/** Loaded only if there is a limit. */
async function loadCounter(rateLimit: RateLimitOptions): Promise<RequestCounter> {
  const { countRequests } = await import('../security/rate-limit/count-requests.js');
  return countRequests(rateLimit);
}

function credentialsIn(metadata: Metadata): { authorization?: string; apiKey?: string } {
  const text = (name: string): string | undefined => metadata.get(name)[0]?.toString();
  return { authorization: text('authorization'), apiKey: text('x-api-key') };
}

/** The address of `address:port` or `[address]:port`. */
const addressOf = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

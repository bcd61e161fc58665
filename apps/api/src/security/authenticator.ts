import { Problem } from '../problem/problem.js';
import type { KeyRing } from './keys/key-ring.js';
import type { Caller, Scope } from './scopes.js';

/** What a request may carry as proof of who asks. */
export interface Credentials {
  /** The header Authorization, or gRPC's metadata of that name. */
  readonly authorization?: string;
  /** The header X-API-Key. */
  readonly apiKey?: string;
}

const BEARER = /^bearer +(\S+)$/i;

function unauthorized(detail: string, challenge = 'Bearer realm="skewless"'): Problem {
  return new Problem('unauthorized', detail, {}, { 'WWW-Authenticate': challenge });
}

/** Finds out who asks. */
export class Authenticator {
  constructor(private readonly keys: KeyRing) {}

  /** @throws Problem `unauthorized` when nothing valid is presented */
  authenticate({ authorization, apiKey }: Credentials): Caller {
    const presented = (authorization && BEARER.exec(authorization)?.[1]) ?? apiKey;
    if (!presented) {
      throw unauthorized('Send an API key: "Authorization: Bearer <key>", or "X-API-Key: <key>".');
    }
    const caller = this.keys.find(presented);
    if (!caller) {
      throw unauthorized('The API key is not valid, or no longer.', 'Bearer realm="skewless", error="invalid_token"');
    }
    return caller;
  }

  close(): void {
    this.keys.close();
  }
}

/** @throws Problem `forbidden` when the caller lacks the scope */
export function assertScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  const challenge = `Bearer realm="skewless", error="insufficient_scope", scope="${scope}"`;
  const detail = `This takes the scope ${scope}; yours: ${[...scopes].join(', ')}.`;
  throw new Problem('forbidden', detail, {}, { 'WWW-Authenticate': challenge });
}

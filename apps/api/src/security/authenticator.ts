import { Problem } from '../problem/problem.js';
import type { KeyRing } from './keys/key-ring.js';
import type { Scope } from '../routes/scope.js';
import type { Caller } from './caller.js';
import type { TokenVerifier } from './tokens/token-verifier.js';

/** What a request may carry as proof of who asks. */
export interface Credentials {
  /** The header Authorization, or gRPC's metadata of that name. */
  readonly authorization?: string;
  /** The header X-API-Key. */
  readonly apiKey?: string;
}

/** What a JSON Web Token looks like, and a key never does. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const BEARER = /^bearer +(\S+)$/i;

function unauthorized(detail: string, challenge = 'Bearer realm="skewless"'): Problem {
  return new Problem('unauthorized', detail, {}, { 'WWW-Authenticate': challenge });
}

/** Finds out who asks. */
export class Authenticator {
  constructor(
    private readonly keys?: KeyRing,
    private readonly tokens?: TokenVerifier,
  ) {}

  /**
   * @returns a promise only for a token
   * @throws Problem `unauthorized` when nothing valid is presented; `issuer-unavailable` when that cannot be found out
   */
  authenticate({ authorization, apiKey }: Credentials): Caller | Promise<Caller> {
    const bearer = authorization && BEARER.exec(authorization)?.[1];
    if (bearer && this.tokens && TOKEN.test(bearer)) return this.readToken(this.tokens, bearer);
    const presented = bearer ?? apiKey;
    if (!presented) {
      throw unauthorized('Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".');
    }
    return this.keys?.find(presented) ?? refuse('The API key is not valid, or no longer.');
  }

  close(): void {
    this.keys?.close();
  }

  private async readToken(tokens: TokenVerifier, token: string): Promise<Caller> {
    return (await tokens.verify(token)) ?? refuse('The token is not valid, or no longer.');
  }
}

function refuse(detail: string): never {
  throw unauthorized(detail, 'Bearer realm="skewless", error="invalid_token"');
}

/** @throws Problem `forbidden` when the caller lacks the scope */
export function assertScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  const challenge = `Bearer realm="skewless", error="insufficient_scope", scope="${scope}"`;
  const detail = `This takes the scope ${scope}; yours: ${[...scopes].join(', ') || 'none'}.`;
  throw new Problem('forbidden', detail, {}, { 'WWW-Authenticate': challenge });
}

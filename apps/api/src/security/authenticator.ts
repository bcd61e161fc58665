import { Problem } from '../problem/problem.js';
import type { KeyRing } from './keys/key-ring.js';
import type { Scope } from '../routes/scope.js';
import type { Caller } from './caller.js';
import type { TokenVerifier } from './tokens/token-verifier.js';

/** The credentials of a request. */
export interface Credentials {
  /** The header Authorization, or gRPC's metadata of that name. */
  readonly authorization?: string;
  /** The header X-API-Key. */
  readonly apiKey?: string;
  /** Whether the key may also be the password of HTTP Basic. */
  readonly isForBrowsers?: boolean;
}

/** The form of a JSON Web Token, which a key never has. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const BEARER = /^bearer +(\S+)$/i;
const BASIC = /^basic +([A-Za-z0-9+/=]+)$/i;
/** Makes a browser ask for a password; sent first, because some browsers read only the first challenge. */
const BASIC_CHALLENGE = 'Basic realm="skewless", charset="UTF-8"';

function unauthorized(detail: string, challenge = 'Bearer realm="skewless"'): Problem {
  return new Problem('unauthorized', detail, {}, { 'WWW-Authenticate': challenge });
}

/** Authenticates callers. */
export class Authenticator {
  constructor(
    private readonly keys?: KeyRing,
    private readonly tokens?: TokenVerifier,
  ) {}

  /**
   * @returns a promise only for a token
   * @throws Problem `unauthorized` without valid credentials; `issuer-unavailable` if a token cannot be verified now
   */
  authenticate({ isForBrowsers = false, ...credentials }: Credentials): Caller | Promise<Caller> {
    if (!isForBrowsers) return this.find(credentials);
    const password = passwordIn(credentials.authorization);
    try {
      return this.find(password === undefined ? credentials : { apiKey: password });
    } catch (error) {
      throw error instanceof Problem && error.type === 'unauthorized' ? askingForPassword(error) : error;
    }
  }

  close(): void {
    this.keys?.close();
  }

  private find({ authorization, apiKey }: Credentials): Caller | Promise<Caller> {
    const bearer = authorization && BEARER.exec(authorization)?.[1];
    if (bearer && this.tokens && TOKEN.test(bearer)) return this.readToken(this.tokens, bearer);
    const presented = bearer ?? apiKey;
    if (!presented) {
      throw unauthorized('Send "Authorization: Bearer <key or token>", or "X-API-Key: <key>".');
    }
    return this.keys?.find(presented) ?? refuse('The API key is invalid or has been revoked.');
  }

  private async readToken(tokens: TokenVerifier, token: string): Promise<Caller> {
    return (await tokens.verify(token)) ?? refuse('The token is invalid or has expired.');
  }
}

/** The password of HTTP Basic (RFC 7617); the user name is ignored. */
function passwordIn(authorization = ''): string | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  return text.slice(text.indexOf(':') + 1);
}

const askingForPassword = ({ detail, headers }: Problem): Problem =>
  unauthorized(detail, `${BASIC_CHALLENGE}, ${headers['WWW-Authenticate']}`);

function refuse(detail: string): never {
  throw unauthorized(detail, 'Bearer realm="skewless", error="invalid_token"');
}

/** @throws Problem `forbidden` if the caller lacks the scope */
export function assertScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  const challenge = `Bearer realm="skewless", error="insufficient_scope", scope="${scope}"`;
  const detail = `This requires the scope ${scope}; the key or token has: ${[...scopes].join(', ') || 'none'}.`;
  throw new Problem('forbidden', detail, {}, { 'WWW-Authenticate': challenge });
}

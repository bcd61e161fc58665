import { Logger } from '@nestjs/common';
import { UserError } from '#kit';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { Problem } from '../../problem/problem.js';
import { isScope, type Scope } from '../../routes/scope.js';
import type { Caller } from '../caller.js';
import { keyFetch } from './fetch-keys.js';
import type { TokenOptions } from './token.options.js';

const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_ID_LENGTH = 64;

/** Faults of a token; all other errors are faults of the issuer's keys. */
const TOKEN_FAULTS = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** The issuer's keys cannot be fetched, or are invalid. */
class IssuerFault extends Error {}

/** Verifies JSON Web Tokens with their issuer's published keys, which are fetched when needed and cached. */
export class TokenVerifier {
  private readonly logger = new Logger(TokenVerifier.name);
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private readonly demands: JWTVerifyOptions;
  private readonly scopeClaim: string;
  /** The last fault that was logged. */
  private lastFault?: string;

  /** @throws UserError if a setting is missing or invalid */
  constructor({ jwksUrl, issuer, audience, algorithms, scopeClaim }: TokenOptions) {
    if (issuer === undefined || audience === undefined) {
      throw new UserError(
        'jwt.jwksUrl (JWT_JWKS_URL) needs jwt.issuer (JWT_ISSUER) and jwt.audience (JWT_AUDIENCE): otherwise tokens issued for other services would be accepted',
      );
    }
    this.keys = createRemoteJWKSet(safeUrl(jwksUrl!), { [customFetch]: keyFetch() });
    this.demands = {
      issuer,
      audience,
      algorithms: algorithms.split(',').map((algorithm) => algorithm.trim()),
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    };
    this.scopeClaim = scopeClaim;
  }

  /**
   * @returns `undefined` if the token is invalid
   * @throws Problem `issuer-unavailable` if the issuer's keys cannot be fetched
   */
  async verify(token: string): Promise<Caller | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.keyOf, this.demands);
      this.lastFault = undefined;
      if (typeof payload.sub !== 'string' || payload.sub === '') return undefined;
      return { id: loggable(payload.sub), scopes: new Set(this.scopesOf(payload)) };
    } catch (error) {
      if (TOKEN_FAULTS.some((fault) => error instanceof fault)) return undefined;
      this.logOnce((error as Error).message);
      // For example a key that is too weak: a token that cannot be verified is invalid.
      if (!(error instanceof IssuerFault)) return undefined;
      const detail = 'The keys that verify tokens cannot be fetched from jwt.jwksUrl (JWT_JWKS_URL); retry.';
      throw new Problem('issuer-unavailable', detail, {}, { 'Retry-After': '5' });
    }
  }

  /** @throws a fault of the token, or IssuerFault */
  private readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.keys(header, token);
    } catch (error) {
      if (TOKEN_FAULTS.some((fault) => error instanceof fault)) throw error;
      throw new IssuerFault(`The issuer's keys cannot be fetched: ${(error as Error).message}`);
    }
  };

  /** Logs each fault once, not for every request. */
  private logOnce(fault: string): void {
    if (fault !== this.lastFault) this.logger.error(fault);
    this.lastFault = fault;
  }

  private scopesOf(payload: JWTPayload): Scope[] {
    const claim = payload[this.scopeClaim];
    const names = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
    return names.filter((name): name is string => typeof name === 'string').filter(isScope);
  }
}

/** @throws UserError if the keys could be changed in transit */
function safeUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url && (url.protocol === 'https:' || isLocal)) return url;
  throw new UserError('jwt.jwksUrl (JWT_JWKS_URL) must begin with https://, or with http:// and be on this machine');
}

/** A subject may be any text; the log needs one without escapes. */
function loggable(subject: string): string {
  return subject.slice(0, MAX_ID_LENGTH).replace(/[^\w.:@|/-]/g, '_');
}

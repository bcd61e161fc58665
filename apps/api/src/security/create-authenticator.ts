import { Authenticator } from './authenticator.js';
import { KeyRing, type KeySources } from './keys/key-ring.js';
import type { TokenOptions } from './tokens/token.options.js';

/**
 * @returns `null` if neither keys nor tokens are configured: the server is open
 * @throws Error if keys cannot be read or a setting is invalid
 */
export async function createAuthenticator(sources: KeySources, options: TokenOptions): Promise<Authenticator | null> {
  const hasKeys = sources.keys !== undefined || sources.keysFile !== undefined;
  const hasTokens = options.jwksUrl !== undefined;
  if (!hasKeys && !hasTokens) return null;
  // The library takes a tenth of a second to load, so it is loaded only if tokens are configured.
  const tokens = hasTokens && new (await import('./tokens/token-verifier.js')).TokenVerifier(options);
  return new Authenticator(hasKeys ? new KeyRing(sources) : undefined, tokens || undefined);
}

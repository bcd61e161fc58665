import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { generateKey } from '../apps/api/src/security/keys/api-key.js';
import { boot, type RunningApi } from './helper/boot.js';
import { EXAMPLE } from '#testing';

const ISSUER = 'https://login.example/';
const CLAIMS = { scope: 'openid predict', sub: 'user|7' };

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

/** Publishes keys as an identity provider does. */
class Issuer {
  private published: object[] = [];
  isDown = false;
  /** In the place of its keys. */
  answer?: string;
  /** How often it was asked. */
  requests = 0;
  /** A key set without end; it cannot be kept in memory. */
  isEndless = false;
  /** How much of it was taken. */
  sentBytes = 0;
  private readonly server: Server = createServer((_request, response) => {
    this.requests++;
    response.statusCode = this.isDown ? 500 : 200;
    if (this.isEndless) {
      const keys = ' '.repeat(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(keys)) this.sentBytes += keys.length;
      };
      response.on('drain', more);
      return more();
    }
    response.end(this.answer ?? JSON.stringify({ keys: this.published }));
  }).listen(0, '127.0.0.1');

  static async start(): Promise<Issuer> {
    const issuer = new Issuer();
    await once(issuer.server, 'listening');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  async publish(kid: string, alg: string): Promise<Keys> {
    const keys = await generateKeyPair(alg, { extractable: true });
    this.published.push({ ...(await exportJWK(keys.publicKey)), kid, alg });
    return keys;
  }

  close(): void {
    this.server.close().closeAllConnections();
  }
}

interface TokenParts {
  readonly claims?: JWTPayload;
  readonly kid?: string;
  readonly alg?: string;
  readonly expires?: string | number;
  readonly audience?: string;
  readonly issuer?: string;
}

const tokenOf = (
  key: Parameters<SignJWT['sign']>[0],
  {
    claims = CLAIMS,
    kid = 'a',
    alg = 'ES256',
    expires = '5m',
    audience = 'skewless',
    issuer = ISSUER,
  }: TokenParts = {},
): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key);

describe('JSON Web Tokens', () => {
  let issuer: Issuer;
  let keys: Keys;
  let api: RunningApi;
  const shop = generateKey('shop', ['predict']);

  beforeAll(async () => {
    issuer = await Issuer.start();
    keys = await issuer.publish('a', 'ES256');
    api = await boot({
      JWT_JWKS_URL: issuer.url,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: 'skewless',
      API_KEYS: shop.line,
    });
  });
  afterAll(async () => {
    await api.close();
    issuer.close();
  });

  const predict = (token: string) => api.post('/predict', EXAMPLE, { authorization: `Bearer ${token}` });

  it('of the issuer are believed, beside keys', async () => {
    expect((await predict(await tokenOf(keys.privateKey))).status).toBe(200);
    expect((await predict(shop.key)).status).toBe(200);
    expect((await api.post('/predict', EXAMPLE)).status).toBe(401);
  });

  it('carry scopes in a list too', async () => {
    const token = await tokenOf(keys.privateKey, { claims: { sub: 'a', scope: ['read', 'unknown', 7] } });
    expect((await api.ask('/model/info', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    const refused = await predict(token);
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      'This requires the scope predict; the key or token has: read.',
    ]);
  });

  it.each([undefined, 'openid profile', 7, { predict: true }])('without a scope may nothing: %j', async (scope) => {
    const { status, body } = await predict(await tokenOf(keys.privateKey, { claims: { sub: 'a', scope } }));
    expect([status, body.detail]).toEqual([403, 'This requires the scope predict; the key or token has: none.']);
  });

  /** A token of the issuer whose claims may be anything. */
  const signed = (claims: object): Promise<string> => {
    const times = Array.isArray(claims)
      ? claims
      : { iss: ISSUER, aud: 'skewless', exp: Date.now() / 1_000 + 60, ...claims };
    return new CompactSign(Buffer.from(JSON.stringify(times)))
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .sign(keys.privateKey);
  };

  it.each([
    ['expired', async () => tokenOf(keys.privateKey, { expires: Math.floor(Date.now() / 1_000) - 60 })],
    ['for others', async () => tokenOf(keys.privateKey, { audience: 'other' })],
    ['of another issuer', async () => tokenOf(keys.privateKey, { issuer: 'https://evil.example/' })],
    ['without a subject', async () => tokenOf(keys.privateKey, { claims: { scope: 'predict' } })],
    ['not valid yet', async () => tokenOf(keys.privateKey, { claims: { ...CLAIMS, nbf: Date.now() / 1_000 + 600 } })],
    ['signed by somebody else', async () => tokenOf((await generateKeyPair('ES256')).privateKey)],
    ['with an unknown key', async () => tokenOf(keys.privateKey, { kid: 'b' })],
    ['with an algorithm that is not believed', async () => tokenOf(new Uint8Array(32), { alg: 'HS256' })],
    ['changed', async () => (await tokenOf(keys.privateKey)).replace(/\.[\w-]{8}/, '.eyJzdWIi')],
    [
      'not signed',
      async () => {
        const [, payload] = (await tokenOf(keys.privateKey)).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.x`;
      },
    ],
    ['nonsense', () => Promise.resolve('a.b.c')],
    ['of a subject that is a number', () => signed({ ...CLAIMS, sub: 5 })],
    ['of a subject that is a list', () => signed({ ...CLAIMS, sub: ['a'] })],
    ['of a subject that is null', () => signed({ ...CLAIMS, sub: null })],
    ['of an empty subject', () => signed({ ...CLAIMS, sub: '' })],
    ['whose payload is no object', () => signed([])],
  ])('are refused when %s', async (_what, make) => {
    const { status, headers, body } = await predict(await make());
    expect([status, body.detail]).toEqual([401, 'The token is invalid or has expired.']);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="skewless", error="invalid_token"');
  });

  it('get a 503 while the keys cannot be had; keys go on working', async () => {
    const down = await Issuer.start();
    down.isDown = true;
    const other = await boot({ JWT_JWKS_URL: down.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'a', API_KEYS: shop.line });
    const ask = async (token: string) => other.post('/predict', EXAMPLE, { authorization: `Bearer ${token}` });
    const { status, headers, body } = await ask(await tokenOf(keys.privateKey));
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toMatchObject({
      type: 'urn:skewless:problem:issuer-unavailable',
      detail: 'The keys that verify tokens cannot be fetched from jwt.jwksUrl (JWT_JWKS_URL); retry.',
    });
    expect((await ask(shop.key)).status).toBe(200);
    await other.close();
    down.close();
  });

  it.each(['down', 'junk'] as const)(
    'an issuer that is %s is asked once in a while, not for each token',
    async (how) => {
      const bad = await Issuer.start();
      if (how === 'down') bad.isDown = true;
      else bad.answer = '<html>';
      const other = await boot({ JWT_JWKS_URL: bad.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'a' });
      const token = await tokenOf(keys.privateKey);
      for (let i = 0; i < 20; i++) {
        expect((await other.post('/predict', EXAMPLE, { authorization: `Bearer ${token}` })).status).toBe(503);
      }
      // Once more on a machine that takes longer than the pause.
      expect(bad.requests).toBeLessThan(5);
      await other.close();
      bad.close();
    },
  );

  it('takes no more of a key set than it may hold', async () => {
    const endless = await Issuer.start();
    endless.isEndless = true;
    const other = await boot({ JWT_JWKS_URL: endless.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'a' });
    const token = await tokenOf(keys.privateKey);
    const { status, body } = await other.post('/predict', EXAMPLE, { authorization: `Bearer ${token}` });
    expect([status, body.type]).toEqual([503, 'urn:skewless:problem:issuer-unavailable']);
    expect(endless.sentBytes).toBeLessThan(20_000_000);
    await other.close();
    endless.close();
  });

  it.each([
    [
      { JWT_JWKS_URL: 'https://a.example/' },
      'jwt.jwksUrl (JWT_JWKS_URL) needs jwt.issuer (JWT_ISSUER) and jwt.audience (JWT_AUDIENCE)',
    ],
    [
      { JWT_JWKS_URL: 'http://a.example/', JWT_ISSUER: 'a', JWT_AUDIENCE: 'b' },
      'jwt.jwksUrl (JWT_JWKS_URL) must begin with https://, or with http:// and be on this machine',
    ],
    [{ JWT_JWKS_URL: 'ftp://a.example/' }, 'jwt.jwksUrl (from JWT_JWKS_URL) is "ftp://a.example/": must be a URL'],
    [{ JWT_ALGORITHMS: 'RS256,HS256' }, 'must name asymmetric algorithms'],
    [{ JWT_ALGORITHMS: 'none' }, 'must name asymmetric algorithms'],
  ])('stop the boot with %j', (environment, reason) => expect(boot(environment)).rejects.toThrow(reason));
});

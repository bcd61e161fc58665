import { METHODS } from 'node:http';
import fc from 'fast-check';
import type { ErrorFormat } from '../problem/error-format.js';
import { type Route, RouteTable } from './route-table.js';

const FORMAT: ErrorFormat = { schema: 'Own', status: ({ status }) => status, body: () => ({}) };
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/', scope: 'open' },
  { method: 'GET', path: '/health/live', scope: 'open', isProbe: true },
  { method: 'POST', path: '/predict', scope: 'predict' },
  { method: 'GET', path: '/v2/models/stats', scope: 'read', errors: FORMAT },
  { method: 'GET', path: '/v2/models/:model', scope: 'read', errors: FORMAT },
  { method: 'GET', path: '/v2/models/:model/ready', scope: 'open', errors: FORMAT, isProbe: true },
  { method: 'POST', path: '/v2/models/:model/infer', scope: 'predict', errors: FORMAT },
  { method: 'POST', path: '/v2/repository/models/:model/load', scope: 'admin', errors: FORMAT },
];
const AREAS = [
  { path: '/v2', scope: 'read', errors: FORMAT },
  { path: '/v2/repository/models/:model', scope: 'admin', errors: FORMAT },
  { path: '/health', scope: 'open' },
] as const;
const table = new RouteTable().add(ROUTES, AREAS);

/** The same path with random letter case, repeated slashes, and optional trailing slashes. */
const variantOf = (path: string): fc.Arbitrary<string> => {
  const segments = path.split('/').filter(Boolean);
  const slashes = fc.integer({ min: 1, max: 3 }).map((count) => '/'.repeat(count));
  const cased = segments.map((segment) =>
    fc
      .array(fc.boolean(), { minLength: segment.length, maxLength: segment.length })
      .map((upper) => [...segment].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join('')),
  );
  return fc
    .tuple(
      fc.tuple(...cased),
      fc.array(slashes, { minLength: segments.length, maxLength: segments.length }),
      fc.option(slashes),
    )
    .map(
      ([parts, before, end]) =>
        parts.map((part, i) => before[i] + part).join('') + (end ?? (parts.length === 0 ? '/' : '')),
    );
};

describe('RouteTable', () => {
  it.each<[string, string, string, string | undefined, boolean, boolean]>([
    ['GET', '/', 'open', '/', false, false],
    ['HEAD', '/health/live', 'open', '/health/live', false, true],
    ['POST', '/predict', 'predict', '/predict', false, false],
    ['GET', '/v2/models/stats', 'read', '/v2/models/stats', true, false],
    ['GET', '/v2/models/other', 'read', '/v2/models/:model', true, false],
    ['GET', '/v2/models/stats/ready', 'open', '/v2/models/:model/ready', true, true],
    ['POST', '/v2/models/x/infer', 'predict', '/v2/models/:model/infer', true, false],
    ['POST', '/v2/repository/models/x/load', 'admin', '/v2/repository/models/:model/load', true, false],
    // Wrong methods and unknown paths require a key too.
    ['POST', '/health/live', 'predict', '/health/live', false, false],
    ['DELETE', '/predict', 'predict', '/predict', false, false],
    ['GET', '/predict', 'read', '/predict', false, false],
    ['GET', '/v2/repository/models/x/load', 'admin', '/v2/repository/models/:model/load', true, false],
    ['POST', '/v2/repository/models/x/other', 'admin', undefined, true, false],
    ['GET', '/v2/nothing/at/all', 'read', undefined, true, false],
    ['GET', '/v2x', 'read', undefined, false, false],
    ['GET', '/health/other', 'read', undefined, false, false],
    ['POST', '/nothing', 'predict', undefined, false, false],
    ['OPTIONS', '/nothing', 'open', undefined, false, false],
    ['OPTIONS', '/predict', 'open', '/predict', false, false],
    ['OPTIONS', '*', 'open', undefined, false, false],
  ])('%s %s takes %s', (method, path, scope, pattern, isOwnFormat, isProbe) => {
    const errors = isOwnFormat ? FORMAT : undefined;
    expect(table.match(method, path)).toMatchObject({ scope, isProbe });
    expect(table.match(method, path).path).toBe(pattern);
    expect(table.match(method, path).errors).toBe(errors);
  });

  it('names the methods of a path where the one that was asked is none of them', () => {
    expect(table.match('POST', '/predict').allowed).toEqual([]);
    expect(table.match('PUT', '/predict').allowed).toEqual(['POST', 'OPTIONS']);
    expect(table.match('POST', '/v2/models/x').allowed).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(table.match('OPTIONS', '/').allowed).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(table.match('PUT', '/nothing').allowed).toEqual([]);
  });

  it('knows paths that differ in case, doubled or trailing slashes as the same, for every method', () => {
    const paths = [...ROUTES.map(({ path }) => path.replace(':model', 'x1')), '/v2/nothing', '/nothing', '/predict/x'];
    const asked = fc
      .tuple(fc.constantFrom(...METHODS), fc.constantFrom(...paths))
      .chain(([method, path]) => fc.tuple(fc.constant(method), fc.constant(path), variantOf(path)));
    fc.assert(
      fc.property(asked, ([method, path, variant]) => {
        expect(table.match(method, variant)).toEqual(table.match(method, path));
      }),
    );
  });

  it('takes a path without parameters from a map, whatever the method', () => {
    expect(table.match('POST', '/predict')).toBe(table.match('POST', '/predict'));
    expect(table.match('PUT', '/predict')).toBe(table.match('PUT', '/Predict/'));
  });

  it('lets the first of two routes answer that have a path, as Express does', () => {
    const own = new RouteTable().add([
      { method: 'GET', path: '/a/:any', scope: 'read' },
      { method: 'GET', path: '/a/b', scope: 'open' },
      { method: 'POST', path: '/a/b', scope: 'admin' },
    ]);
    expect(own.match('GET', '/a/b')).toMatchObject({ path: '/a/:any', scope: 'read' });
    expect(own.match('POST', '/a/b')).toMatchObject({ path: '/a/b', scope: 'admin' });
    expect(own.match('PUT', '/a/b')).toMatchObject({ scope: 'admin', allowed: ['GET', 'HEAD', 'POST', 'OPTIONS'] });
  });

  it('knows at once what is added later', () => {
    const own = new RouteTable();
    expect(own.match('GET', '/docs').scope).toBe('read');
    own.add([{ method: 'GET', path: '/docs', scope: 'open' }]);
    expect(own.match('GET', '/docs').scope).toBe('open');
  });

  it('knows why a path is closed, unless a route has it', () => {
    const own = new RouteTable()
      .add([{ method: 'GET', path: '/models/:model', scope: 'read' }], [{ path: '/models', scope: 'read' }])
      .close([
        { path: '/models/:model/load', errors: FORMAT, reason: 'no keys' },
        { path: '/models/all', reason: 'never told' },
      ]);
    expect(own.match('POST', '//Models/x/Load/')).toMatchObject({
      closed: 'no keys',
      errors: FORMAT,
      scope: 'predict',
    });
    expect(own.match('GET', '/models/x/load')).toMatchObject({ closed: 'no keys', allowed: [] });
    expect(own.match('PUT', '/models/all')).toEqual(expect.not.objectContaining({ closed: expect.anything() }));
    expect(own.match('POST', '/models/x/loads').closed).toBeUndefined();
  });

  it('takes no patterns that it would read in another way than Express', () => {
    expect(() => new RouteTable().add([{ method: 'GET', path: '/files/*rest', scope: 'open' }])).toThrow(
      'GET /files/*rest: "*rest" must be a plain segment or a :parameter',
    );
  });
});

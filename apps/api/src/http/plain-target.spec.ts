import express from 'express';
import fc from 'fast-check';
import type { ApiRequest } from './http.types.js';
import { plainTarget } from './plain-target.js';

/** A request as Express sees it. */
const requestOf = (url: string): ApiRequest => Object.assign(Object.create(express.request), { url }) as ApiRequest;

describe('plainTarget', () => {
  it.each([
    ['/predict', '/predict'],
    ['/', '/'],
    ['//', '/'],
    ['//predict', '/predict'],
    ['/v2///models//x/ready//', '/v2/models/x/ready/'],
    ['//predict?include=a//b', '/predict?include=a//b'],
    ['/predict?next=http://x', '/predict?next=http://x'],
    ['http://host:8000//predict?a=1', '/predict?a=1'],
    ['HTTP://host', '/'],
    ['http://host?a=1', '/?a=1'],
    ['odd://host', '/'],
    ['/predict#part', '/predict'],
    ['/predict#part?a=1', '/predict'],
    ['/predict?a=1#part', '/predict?a=1'],
    ['/predict\u00a0', '/predict%C2%A0'],
    ['/\u00a0#', '/%C2%A0'],
    ['http://[/predict', '/predict'],
    ['odd:host', '/odd:host'],
    ['*', '*'],
  ])('of %j is %j', (url, expected) => expect(plainTarget(url)).toBe(expected));

  it('leaves a path for all to read alike, by Express or up to the question mark', () => {
    const part = fc.constantFrom(
      '/',
      '//',
      '\\',
      '#',
      '?',
      'http:',
      '@',
      ':',
      '.',
      '..',
      '%2f',
      ' ',
      '\u00a0',
      'é',
      'a',
      'PREDICT',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('/', 'http://a/', 'http://[', 'x:', ''),
        fc.array(part, { maxLength: 8 }),
        (start, parts) => {
          const url = plainTarget(`${start}${parts.join('')}`);
          const [path] = url.split('?', 1);
          expect([requestOf(url).path, path.includes('//')]).toEqual([path, false]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

import { EventEmitter } from 'node:events';
import { Problem } from '../problem/problem.js';
import { Admission } from './admission.js';

describe('Admission', () => {
  let admission: Admission;
  beforeEach(() => (admission = new Admission({ maxRequests: 2, bodyLimitBytes: 100, requestTimeoutSeconds: 1 })));

  /** @returns a function that ends the request, or the problem that refuses it */
  function enter(method = 'POST', length = '10'): (() => void) | Problem {
    const response = Object.assign(new EventEmitter(), { setTimeout: () => undefined });
    let refused: unknown;
    const request = { method, headers: { 'content-length': length } };
    admission.enter(request as never, response as never, (error?: unknown) => (refused = error));
    return (refused as Problem | undefined) ?? (() => response.emit('close'));
  }

  it('refuses the request that is one too many, with when to come again, until another has ended', () => {
    const end = enter() as () => void;
    enter();
    const refused = enter() as Problem;
    expect([refused.type, refused.detail, refused.headers]).toEqual([
      'overloaded',
      '2 requests are in progress, the limit of server.maxRequests (MAX_REQUESTS); retry.',
      { 'Retry-After': '1' },
    ]);
    expect(enter()).toBeInstanceOf(Problem);
    end();
    expect(enter()).toBeInstanceOf(Function);
    expect(enter()).toBeInstanceOf(Problem);
  });

  it('lets reads pass, and does not count them', () => {
    for (let i = 0; i < 5; i++) expect(enter('GET')).toBeInstanceOf(Function);
    expect([enter(), enter()].every((end) => typeof end === 'function')).toBe(true);
    expect(enter('GET')).toBeInstanceOf(Function);
  });

  const roomy = { maxRequests: 100, bodyLimitBytes: 100, requestTimeoutSeconds: 1 };

  it('does not count what is announced', () => {
    admission = new Admission(roomy);
    const ends = Array.from({ length: 50 }, () => enter('POST', '1000000'));
    expect(ends.every((end) => typeof end === 'function')).toBe(true);
    expect(enter('POST', '100')).toBeInstanceOf(Function);
  });

  it('refuses what finds no room beside what is held; bodies that all fit always pass', () => {
    admission = new Admission(roomy);
    const growing = Array.from({ length: 8 }, () => admission.admitGrowing());
    expect(growing.map(({ hold }) => hold(100))).toEqual(Array(8).fill(undefined));
    expect(enter('POST', '9')).toMatchObject({
      detail:
        'Bodies of 800 bytes are being received; the limit is 8 times server.bodyLimitBytes (BODY_LIMIT_BYTES); retry.',
    });
    expect(enter('POST', '8')).toBeInstanceOf(Function);
    expect(admission.refusalOf(Buffer.alloc(9))).toBeInstanceOf(Problem);
    expect(admission.refusalOf(Buffer.alloc(8))).toBeUndefined();
    growing[0].leave();
    expect(enter('POST', '100')).toBeInstanceOf(Function);
    expect(enter('POST', 'nonsense')).toBeInstanceOf(Function);
  });

  it('counts a body as it comes', () => {
    admission = new Admission(roomy);
    const growing = Array.from({ length: 8 }, () => admission.admitGrowing());
    expect(growing.map(({ hold }) => hold(100))).toEqual(Array(8).fill(undefined));
    const last = admission.admitGrowing();
    expect(last.hold(1)).toMatchObject({
      type: 'overloaded',
      detail:
        'Bodies of 800 bytes are being received; the limit is 8 times server.bodyLimitBytes (BODY_LIMIT_BYTES); retry.',
    });
    growing[0].hold(99);
    expect(last.hold(1)).toBeUndefined();
    expect(last.hold(2)).toBeInstanceOf(Problem);
    for (const { leave } of [...growing, last]) leave();
    // Bytes that arrive after the answer are dropped and hold nothing.
    last.hold(100);
    expect(admission.refusal(800)).toBeUndefined();
  });
});

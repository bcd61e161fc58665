import type { CallBounds } from './call-bounds.js';
import { type CallPhase, type OpenCall, OpenCalls } from './open-calls.js';

const UNARY: CallBounds = {
  messages: 1,
  bytes: 100,
  seconds: 30,
  atOnce: 2,
  isStream: false,
  setBy: { seconds: 'some.seconds', atOnce: 'some.calls' },
};
const WATCH: CallBounds = { ...UNARY, seconds: 60, isStream: true, setBy: {} };

/** A call that records how it ends. */
class TestCall implements OpenCall {
  phase: CallPhase = 'message';
  received = 0;
  readonly ends: string[] = [];

  constructor(readonly bounds: CallBounds) {}

  expire(why: string): void {
    this.ends.push(why);
  }

  cut(): void {
    this.ends.push('cut');
  }
}

const SLOW = 'The message came too slowly; send it within 30 seconds (some.seconds), at 1 KiB/s or more.';

describe('OpenCalls', () => {
  let open: OpenCalls;
  beforeEach(() => (open = new OpenCalls()));

  function entered(bounds: CallBounds): TestCall {
    const call = new TestCall(bounds);
    expect(open.enter(call)).toBeUndefined();
    return call;
  }

  /** How many seconds it took for the call to end. */
  function secondsOf(call: TestCall, each: () => void = () => undefined): number {
    for (let second = 1; second <= 1_000; second++) {
      each();
      open.check();
      if (call.ends.length > 0) return second;
    }
    return Infinity;
  }

  it('are bounded in number, by kind', () => {
    const first = entered(UNARY);
    entered(UNARY);
    expect(open.enter(new TestCall(UNARY))).toBe('2 calls of this kind are open, the limit (some.calls); retry.');
    entered(WATCH);
    open.leave(first);
    open.leave(first);
    entered(UNARY);
    expect(open.enter(new TestCall(UNARY))).toMatch(/^2 calls/);
  });

  it('end when a message comes slower than 1 KiB/s over 10 s, or not within its time', () => {
    const silent = entered(UNARY);
    expect(secondsOf(silent)).toBe(10);
    expect(silent.ends).toEqual([SLOW]);
    open.leave(silent);
    const slow = entered(UNARY);
    expect(secondsOf(slow, () => (slow.received += 1_023))).toBe(10);
    open.leave(slow);
    const steady = entered(UNARY);
    expect(secondsOf(steady, () => (steady.received += 1_024))).toBe(31);
    expect(steady.ends).toEqual([SLOW]);
  });

  it('wait for the result as long as it takes, and then for the client to take it', () => {
    const call = entered(UNARY);
    open.check();
    call.phase = 'result';
    expect(secondsOf(call)).toBe(Infinity);
    call.phase = 'reader';
    expect(secondsOf(call)).toBe(31);
    expect(call.ends).toEqual(['cut']);
  });

  it('end a stream after its time, however little it says', () => {
    const call = entered(WATCH);
    open.check();
    call.phase = 'result';
    expect(secondsOf(call)).toBe(61);
    expect(call.ends).toEqual(['The call exceeded its limit of 60 seconds; call again.']);
  });
});

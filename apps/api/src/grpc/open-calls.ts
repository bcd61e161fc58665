import { LOOK_MILLISECONDS, Pace } from '../http/pace.js';
import type { CallBounds } from './call-bounds.js';

/** The state of a call: what the server waits for. */
export type CallPhase = 'message' | 'result' | 'reader';

/** An open call, as far as timeouts are concerned. */
export interface OpenCall {
  readonly bounds: CallBounds;
  /**
   * `message`: the message is still arriving; `result`: the client is not awaited; `reader`: the client has not read
   * its answer.
   */
  readonly phase: CallPhase;
  /** Bytes that have arrived. */
  readonly received: number;
  /** Ends it with DEADLINE_EXCEEDED. */
  expire(why: string): void;
  /** Ends it without a status. */
  cut(): void;
}

interface Watched {
  readonly pace: Pace;
  phase: CallPhase;
  seconds: number;
}

const by = (setting: string | undefined): string => (setting ? ` (${setting})` : '');

/** The open calls, limited in number by kind, and in time. */
export class OpenCalls {
  private readonly calls = new Map<OpenCall, Watched>();
  private readonly numbers = new Map<CallBounds, number>();

  constructor() {
    setInterval(() => this.check(), LOOK_MILLISECONDS).unref();
  }

  /** @returns the reason for a refusal if too many calls of its kind are open */
  enter(call: OpenCall): string | undefined {
    const { atOnce, setBy } = call.bounds;
    const number = this.numbers.get(call.bounds) ?? 0;
    if (number >= atOnce) return `${number} calls of this kind are open, the limit${by(setBy.atOnce)}; retry.`;
    this.numbers.set(call.bounds, number + 1);
    this.calls.set(call, { pace: new Pace(), phase: call.phase, seconds: 0 });
    return undefined;
  }

  leave(call: OpenCall): void {
    if (this.calls.delete(call)) this.numbers.set(call.bounds, this.numbers.get(call.bounds)! - 1);
  }

  /** Called once a second: ends calls that take too long. */
  check(): void {
    for (const [call, watched] of this.calls) {
      const { bounds } = call;
      if (watched.phase !== call.phase) Object.assign(watched, { phase: call.phase, seconds: 0 });
      const isOver = ++watched.seconds > bounds.seconds;
      if (call.phase === 'reader') {
        if (isOver) call.cut();
      } else if (bounds.isStream) {
        if (isOver)
          call.expire(
            `The call exceeded its limit of ${bounds.seconds} seconds${by(bounds.setBy.seconds)}; call again.`,
          );
      } else if (call.phase === 'message' && (watched.pace.isSlow(call.received) || isOver)) {
        call.expire(
          `The message came too slowly; send it within ${bounds.seconds} seconds${by(bounds.setBy.seconds)}, at 1 KiB/s or more.`,
        );
      }
    }
  }
}

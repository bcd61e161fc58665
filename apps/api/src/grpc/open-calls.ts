import { LOOK_MILLISECONDS, Pace } from '../http/pace.js';
import type { CallBounds } from './call-bounds.js';

/** Where a call stands: what the server waits for. */
export type CallPhase = 'message' | 'result' | 'reader';

/** A call that is open, as far as its time is concerned. */
export interface OpenCall {
  readonly bounds: CallBounds;
  /** `message`: it is on its way; `result`: nothing of the client's; `reader`: the client has not taken its answer. */
  readonly phase: CallPhase;
  /** Bytes that have come. */
  readonly received: number;
  /** Ends it with DEADLINE_EXCEEDED. */
  expire(why: string): void;
  /** Ends it without a word. */
  cut(): void;
}

interface Watched {
  readonly pace: Pace;
  phase: CallPhase;
  seconds: number;
}

const by = (setting: string | undefined): string => (setting ? `, by ${setting}` : '');

/** The calls that are open: bounded in number by kind, and in time. */
export class OpenCalls {
  private readonly calls = new Map<OpenCall, Watched>();
  private readonly numbers = new Map<CallBounds, number>();

  constructor() {
    setInterval(() => this.look(), LOOK_MILLISECONDS).unref();
  }

  /** @returns why it may not be open, where too many of its kind are */
  enter(call: OpenCall): string | undefined {
    const { atOnce, setBy } = call.bounds;
    const number = this.numbers.get(call.bounds) ?? 0;
    if (number >= atOnce)
      return `${number} calls of this kind are open, as many as ${setBy.atOnce ? `${setBy.atOnce} allows` : 'may be'}; retry.`;
    this.numbers.set(call.bounds, number + 1);
    this.calls.set(call, { pace: new Pace(), phase: call.phase, seconds: 0 });
    return undefined;
  }

  leave(call: OpenCall): void {
    if (this.calls.delete(call)) this.numbers.set(call.bounds, this.numbers.get(call.bounds)! - 1);
  }

  /** Once a second: ends what takes too long. */
  look(): void {
    for (const [call, watched] of this.calls) {
      const { bounds } = call;
      if (watched.phase !== call.phase) Object.assign(watched, { phase: call.phase, seconds: 0 });
      const isOver = ++watched.seconds > bounds.seconds;
      if (call.phase === 'reader') {
        if (isOver) call.cut();
      } else if (bounds.isStream) {
        if (isOver)
          call.expire(`A call of this kind may take ${bounds.seconds} seconds${by(bounds.setBy.seconds)}; call again.`);
      } else if (call.phase === 'message' && (watched.pace.isSlow(call.received) || isOver)) {
        call.expire(
          `The message came too slowly; send it within ${bounds.seconds} seconds${by(bounds.setBy.seconds)}, at 1 KiB/s or more.`,
        );
      }
    }
  }
}

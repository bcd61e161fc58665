import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse, Hold } from './http.types.js';

/** How many of the largest bodies may be under way at once. */
const LARGEST_BODIES = 8;
/** The answer to a smaller body is on its way at once, whether its caller reads or not. */
const SMALL_BYTES = 65_536;

export interface AdmissionOptions {
  /** Requests that may be under way in this process. */
  readonly maxRequests: number;
  readonly bodyLimitBytes: number;
  /** How long an answer may wait for its caller to read on. */
  readonly requestTimeoutSeconds: number;
}

/**
 * Bounds what is under way: beyond it a POST is refused at its head, before its body is read, so that refusing costs
 * little and those already in are answered in time. Counted is what is held, not what is announced: that costs a caller
 * nothing. Probes and other reads always pass.
 */
export class Admission {
  private requests = 0;
  private bytes = 0;
  private readonly maxBytes: number;
  /** Bodies that need not be counted: as many as may be under way do not fill the room. */
  private readonly smallBytes: number;

  constructor(private readonly options: AdmissionOptions) {
    this.maxBytes = LARGEST_BODIES * options.bodyLimitBytes;
    this.smallBytes = Math.min(SMALL_BYTES, this.maxBytes / options.maxRequests);
  }

  readonly enter = (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    if (request.method !== 'POST') return next();
    const { 'content-length': length, 'content-encoding': encoding } = request.headers;
    const hasLength = length !== undefined && encoding === undefined;
    const declared = hasLength ? Math.min(Number(length) || 0, this.options.bodyLimitBytes) : 0;
    const isSmall = hasLength && declared <= this.smallBytes;
    const refusal = this.refusal(isSmall ? 0 : declared);
    if (refusal) return next(refusal);
    if (isSmall) {
      this.requests++;
      response.on('close', this.leaveSmall);
    } else {
      this.endUnread(response);
      const { hold, leave } = this.admitGrowing();
      request.hold = hold;
      response.on('close', leave);
    }
    next();
  };

  /** What is wrong with one more, where it is too many. @param bytes that it will hold, as far as is known */
  refusal(bytes: number): Problem | undefined {
    if (this.requests >= this.options.maxRequests) {
      return overloaded(`${this.requests} requests are under way, as many as server.maxRequests (MAX_REQUESTS) allows`);
    }
    return bytes > 0 && this.bytes + bytes > this.maxBytes ? this.full() : undefined;
  }

  private readonly leaveSmall = (): void => {
    this.requests--;
  };

  /** Lets one in that was not refused, and that will tell what it holds. */
  admitGrowing(): { readonly hold: Hold; readonly leave: () => void } {
    this.requests++;
    let held = 0;
    let hasLeft = false;
    return {
      hold: (bytes) => {
        if (hasLeft) return undefined;
        const more = bytes - held;
        if (more > 0 && this.bytes + more > this.maxBytes) return this.full();
        held += more;
        this.bytes += more;
        return undefined;
      },
      leave: () => {
        hasLeft = true;
        this.requests--;
        this.bytes -= held;
      },
    };
  }

  /** An answer that nobody reads would hold its room for ever. */
  private endUnread(response: ApiResponse): void {
    response.setTimeout(this.options.requestTimeoutSeconds * 1_000, () => {
      if (response.headersSent) response.destroy();
    });
  }

  private full(): Problem {
    return overloaded(
      `Bodies of ${this.bytes} bytes are under way, of ${LARGEST_BODIES} times server.bodyLimitBytes (BODY_LIMIT_BYTES) at most`,
    );
  }
}

function overloaded(why: string): Problem {
  return new Problem('overloaded', `${why}; retry.`, {}, { 'Retry-After': '1' });
}

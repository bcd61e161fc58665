import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse, Hold } from './http.types.js';

/** How many of the largest bodies may be under way at once. */
const LARGEST_BODIES = 8;

export interface AdmissionOptions {
  /** Requests that may be under way in this process. */
  readonly maxRequests: number;
  readonly bodyLimitBytes: number;
}

/**
 * Bounds what is under way: beyond it a POST is refused at its head, before its body is read, so that refusing costs
 * little and those already in are answered in time. Probes and other reads always pass.
 */
export class Admission {
  private requests = 0;
  private bytes = 0;
  private readonly maxBytes: number;

  constructor(private readonly options: AdmissionOptions) {
    this.maxBytes = LARGEST_BODIES * options.bodyLimitBytes;
  }

  readonly enter = (request: ApiRequest, response: ApiResponse, next: NextFunction): void => {
    if (request.method !== 'POST') return next();
    const { 'content-length': length, 'content-encoding': encoding } = request.headers;
    const isTold = length !== undefined && encoding === undefined;
    const bytes = isTold ? Math.min(Number(length) || 0, this.options.bodyLimitBytes) : 0;
    const refusal = this.refusal(bytes);
    if (refusal) return next(refusal);
    if (isTold) response.on('close', this.admit(bytes));
    else {
      const { hold, leave } = this.admitGrowing();
      request.hold = hold;
      response.on('close', leave);
    }
    next();
  };

  /** What is wrong with one more, where it is too many. */
  refusal(bytes: number): Problem | undefined {
    if (this.requests >= this.options.maxRequests) {
      return overloaded(`${this.requests} requests are under way, as many as may be`);
    }
    return this.bytes + bytes > this.maxBytes ? this.full() : undefined;
  }

  /** Lets one in that was not refused. @returns what lets it out again */
  private admit(bytes: number): () => void {
    this.requests++;
    this.bytes += bytes;
    return () => {
      this.requests--;
      this.bytes -= bytes;
    };
  }

  /** Lets one in that was not refused, and whose head does not tell how many bytes it will hold. */
  admitGrowing(): { readonly hold: Hold; readonly leave: () => void } {
    this.requests++;
    let held = 0;
    let hasLeft = false;
    return {
      hold: (bytes) => {
        if (hasLeft) return undefined;
        const more = Math.min(bytes, this.options.bodyLimitBytes) - held;
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

  private full(): Problem {
    return overloaded(`Bodies of ${this.bytes} bytes are under way`);
  }
}

function overloaded(why: string): Problem {
  return new Problem('overloaded', `${why}; retry.`, {}, { 'Retry-After': '1' });
}

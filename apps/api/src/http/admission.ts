import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse } from './http.types.js';

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
    const bytes = Math.min(Number(request.headers['content-length']) || 0, this.options.bodyLimitBytes);
    const refusal = this.refusal(bytes);
    if (refusal) return next(refusal);
    response.on('close', this.admit(bytes));
    next();
  };

  /** What is wrong with one more, where it is too many. */
  refusal(bytes: number): Problem | undefined {
    if (this.requests >= this.options.maxRequests) {
      return overloaded(`${this.requests} requests are under way, as many as may be`);
    }
    return this.bytes + bytes > this.maxBytes ? overloaded(`Bodies of ${this.bytes} bytes are under way`) : undefined;
  }

  /** Lets one in that was not refused. @returns what lets it out again */
  admit(bytes: number): () => void {
    this.requests++;
    this.bytes += bytes;
    return () => {
      this.requests--;
      this.bytes -= bytes;
    };
  }
}

function overloaded(why: string): Problem {
  return new Problem('overloaded', `${why}; retry.`, {}, { 'Retry-After': '1' });
}

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
    if (this.requests >= this.options.maxRequests) {
      return next(overloaded(`${this.requests} requests are under way, as many as may be`));
    }
    if (this.bytes + bytes > this.maxBytes) return next(overloaded(`Bodies of ${this.bytes} bytes are under way`));
    this.requests++;
    this.bytes += bytes;
    response.on('close', () => {
      this.requests--;
      this.bytes -= bytes;
    });
    next();
  };
}

function overloaded(why: string): Problem {
  return new Problem('overloaded', `${why}; retry.`, {}, { 'Retry-After': '1' });
}

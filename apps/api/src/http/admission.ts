import type { NextFunction } from 'express';
import { Problem } from '../problem/problem.js';
import type { ApiRequest, ApiResponse, Hold } from './http.types.js';

/** How many bodies of the maximum size may be held at once. */
const LARGEST_BODIES = 8;
/** The answer to a smaller body is sent at once, whether the caller reads it or not. */
const SMALL_BYTES = 65_536;

export interface AdmissionOptions {
  /** Requests that may be in progress in this process. */
  readonly maxRequests: number;
  readonly bodyLimitBytes: number;
  /** How long an answer may wait for its caller to read. */
  readonly requestTimeoutSeconds: number;
}

/**
 * Limits requests in progress: beyond the limit, a POST is refused at its head, before its body is read, so that
 * refusing is cheap and admitted requests are answered in time. Only bytes that are held count, not announced ones,
 * which cost a caller nothing. Probes and other reads always pass.
 */
export class Admission {
  private requests = 0;
  private bytes = 0;
  private readonly maxBytes: number;
  /** Smaller bodies need not be counted: the maximum number of requests with such bodies stays within the limit. */
  private readonly smallBytes: number;
  /** One for all, as under overload this is what is answered most: the stack of an error takes longest of a refusal. */
  private readonly crowded: Problem;

  constructor(private readonly options: AdmissionOptions) {
    const { maxRequests } = options;
    this.crowded = overloaded(
      `${maxRequests} requests are in progress, the limit of server.maxRequests (MAX_REQUESTS)`,
    );
    this.maxBytes = LARGEST_BODIES * options.bodyLimitBytes;
    this.smallBytes = Math.min(SMALL_BYTES, this.maxBytes / maxRequests);
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

  /**
   * The reason to refuse one more request, if there is one.
   * @param bytes that it will hold, as far as is known
   */
  refusal(bytes: number): Problem | undefined {
    if (this.requests >= this.options.maxRequests) return this.crowded;
    return bytes > 0 && this.bytes + bytes > this.maxBytes ? this.full() : undefined;
  }

  /** As {@link refusal}, of a request whose whole body is there: small ones need not be counted. */
  refusalOf({ length }: Buffer): Problem | undefined {
    return this.refusal(length <= this.smallBytes ? 0 : length);
  }

  private readonly leaveSmall = (): void => {
    this.requests--;
  };

  /** Admits a request that was not refused and that reports the bytes it holds. */
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

  /** Ends answers that nobody reads, which would hold their bytes forever. */
  private endUnread(response: ApiResponse): void {
    response.setTimeout(this.options.requestTimeoutSeconds * 1_000, () => {
      if (response.headersSent) response.destroy();
    });
  }

  private full(): Problem {
    return overloaded(
      `Bodies of ${this.bytes} bytes are being received; the limit is ${LARGEST_BODIES} times server.bodyLimitBytes (BODY_LIMIT_BYTES)`,
    );
  }
}

function overloaded(why: string): Problem {
  return new Problem('overloaded', `${why}; retry.`, {}, { 'Retry-After': '1' });
}

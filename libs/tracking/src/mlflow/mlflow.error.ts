interface MlflowAnswer {
  /** MLflow's error code, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode?: string;
  readonly retryAfterMilliseconds?: number;
  /** Whether a look-up failed, which says nothing about the record itself. */
  readonly isLookUp?: boolean;
}

/** A request that MLflow rejected, or that got no response. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly errorCode?: string;
  readonly retryAfterMilliseconds: number;
  private readonly isLookUp: boolean;

  constructor(
    message: string,
    /** `undefined` without a response. */
    readonly status?: number,
    { errorCode, retryAfterMilliseconds = 0, isLookUp = false }: MlflowAnswer = {},
  ) {
    super(message);
    this.errorCode = errorCode;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
    this.isLookUp = isLookUp;
  }

  /** Whether a retry may succeed. */
  get isTransient(): boolean {
    return this.isAmbiguous || this.status === 429;
  }

  /** Whether the request may have been carried out anyway. */
  get isAmbiguous(): boolean {
    return this.status === undefined || this.status === 408 || this.status >= 500;
  }

  /** Whether the server will never accept this content. */
  get isRefusal(): boolean {
    return !this.isLookUp && (this.status === 400 || this.status === 413 || this.status === 422);
  }
}

/** The error for a record that can never be sent. */
export function refusal(message: string): MlflowError {
  return new MlflowError(message, 422);
}

interface MlflowAnswer {
  /** MLflow's own, such as `RESOURCE_DOES_NOT_EXIST`. */
  readonly errorCode?: string;
  readonly retryAfterMilliseconds?: number;
  /** What was only looked up says nothing about the record that it was looked up for. */
  readonly isLookUp?: boolean;
}

/** A request that MLflow did not carry out, or whose answer never came. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly errorCode?: string;
  readonly retryAfterMilliseconds: number;
  private readonly isLookUp: boolean;

  constructor(
    message: string,
    /** `undefined` when there was no answer. */
    readonly status?: number,
    { errorCode, retryAfterMilliseconds = 0, isLookUp = false }: MlflowAnswer = {},
  ) {
    super(message);
    this.errorCode = errorCode;
    this.retryAfterMilliseconds = retryAfterMilliseconds;
    this.isLookUp = isLookUp;
  }

  /** Whether the same request may go through later. */
  get isTransient(): boolean {
    return this.isAmbiguous || this.status === 429;
  }

  /** Whether the request may have been carried out all the same. */
  get isAmbiguous(): boolean {
    return this.status === undefined || this.status === 408 || this.status >= 500;
  }

  /** Whether the server will never take this content, whatever happens around it. */
  get isRefusal(): boolean {
    return !this.isLookUp && (this.status === 400 || this.status === 413 || this.status === 422);
  }
}

/** A record that cannot be sent, as the look at it or at the server shows. */
export function refusal(message: string): MlflowError {
  return new MlflowError(message, 422);
}

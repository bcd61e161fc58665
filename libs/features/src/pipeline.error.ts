import { UserError } from '#kit';

/** A pipeline that cannot be fitted or executed as written; the message says which step and how to mend it. */
export class PipelineError extends UserError {
  override readonly name = 'PipelineError';
}

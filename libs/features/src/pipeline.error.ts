import { UserError } from '#kit';

/** A pipeline that cannot be fitted or executed; the message says which step is wrong and how to fix it. */
export class PipelineError extends UserError {
  override readonly name = 'PipelineError';
}

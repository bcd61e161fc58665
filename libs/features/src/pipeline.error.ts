/** A pipeline that cannot be fitted or executed as written; the message says which step and how to mend it. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
}

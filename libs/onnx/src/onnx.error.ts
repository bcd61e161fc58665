import { UserError } from '#kit';

/** A file that is no ONNX model, or none that can be used: what is wrong with it, and how to mend it. */
export class OnnxError extends UserError {
  override readonly name = 'OnnxError';

  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`The model ${problem}. ${remedy}.`);
  }
}

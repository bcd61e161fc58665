import { UserError } from '#kit';

/** An unusable ONNX model; the message says what is wrong and how to fix it. */
export class OnnxError extends UserError {
  override readonly name = 'OnnxError';

  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`The model ${problem}. ${remedy}.`);
  }
}

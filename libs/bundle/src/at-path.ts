import { BundleError } from './bundle.error.js';

/** Tells in which file an ONNX model is that cannot be used. @throws BundleError */
export async function atPath<T>(path: string, work: () => T): Promise<T> {
  const { OnnxError } = await import('#onnx');
  try {
    return work();
  } catch (error) {
    throw error instanceof OnnxError ? new BundleError(path, error.problem, error.remedy) : error;
  }
}

import { BundleError } from './bundle.error.js';

/** Adds the file's path to the error about an unusable ONNX model. @throws BundleError */
export async function atPath<T>(path: string, work: () => T): Promise<T> {
  const { OnnxError } = await import('#onnx');
  try {
    return work();
  } catch (error) {
    throw error instanceof OnnxError ? new BundleError(path, error.problem, error.remedy) : error;
  }
}

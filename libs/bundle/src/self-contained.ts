import { atPath } from './at-path.js';
import { BundleError } from './bundle.error.js';
import { mayHaveExternalData } from './external-data.js';

/** Of a file beside the model: a name, no path. */
const FILE_NAME = /^(?!\.{1,2}$)[^/\\\0]+$/;
/** What one file can hold, and so all others together. */
const DATA_BYTES = 2 ** 31 - 1;

/** Reads a file that lies beside a model, by its name; `undefined` where there is none. */
export type ReadSibling = (name: string) => Promise<Buffer | undefined>;

export interface SelfContained {
  readonly model: Uint8Array;
  /** Outputs that were lists of maps and are tensors now. */
  readonly converted: readonly string[];
  /** Files whose data are in the model now. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * A model as others write it, made one file that gives tensors: data kept beside it are put in, ZipMap is taken out.
 *
 * @param path what to call it in an error
 * @param readSibling only asked for plain names of files
 * @throws BundleError when it is no ONNX model, or its data cannot be had
 */
export async function selfContained(model: Buffer, path: string, readSibling: ReadSibling): Promise<SelfContained> {
  const files = new Map<string, Buffer>();
  let left = DATA_BYTES;
  let whole: Uint8Array = model;
  if (mayHaveExternalData(model)) {
    const { externalFiles, withExternalData } = await import('#onnx');
    for (const name of await atPath(path, () => externalFiles(model))) {
      const bytes = FILE_NAME.test(name) ? await readSibling(name) : undefined;
      if (!bytes) continue;
      files.set(name, bytes);
      left -= bytes.length;
      if (left < 0) throw new BundleError(path, `keeps over ${DATA_BYTES} bytes in other files`, 'Serve a smaller one');
    }
    whole = await atPath(path, () => withExternalData(model, files));
  }
  const { withoutZipMap } = await import('#onnx');
  const { model: tensors, changed } = await atPath(path, () =>
    withoutZipMap(Buffer.from(whole.buffer, whole.byteOffset, whole.length)),
  );
  return { model: tensors, converted: changed, files };
}

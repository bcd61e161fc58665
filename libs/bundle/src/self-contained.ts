import { atPath } from './at-path.js';
import { BundleError } from './bundle.error.js';
import { mayHaveExternalData } from './external-data.js';

/** A plain file name without a path. */
const FILE_NAME = /^(?!\.{1,2}$)[^/\\\0]+$/;
/** The limit of one file, and of all external data together. */
const DATA_BYTES = 2 ** 31 - 1;

/** Reads a file in the model's folder by its name; `undefined` where there is none. */
export type ReadSibling = (name: string) => Promise<Buffer | undefined>;

export interface SelfContained {
  readonly model: Uint8Array;
  /** Outputs that were lists of maps and are now tensors. */
  readonly converted: readonly string[];
  /** Files whose data are now embedded in the model. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/**
 * Makes a foreign model one file whose outputs are tensors: external data are embedded, ZipMap is removed.
 *
 * @param path names the model in an error
 * @param readSibling called only with plain file names
 * @throws BundleError when it is not an ONNX model, or its external data cannot be read
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

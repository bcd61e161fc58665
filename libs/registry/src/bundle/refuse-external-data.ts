import { BundleError } from './bundle.error.js';

/** A key of every entry that places a tensor's data outside the model's file (onnx.proto3, TensorProto.external_data). */
const LOCATION = Buffer.from('location');

interface Holder {
  readonly graph?: Graph;
}
interface Graph {
  readonly initializer: readonly { readonly name: string; readonly externalData: readonly unknown[] }[];
  readonly node: readonly {
    readonly attribute: readonly {
      readonly t?: { readonly name: string; readonly externalData: readonly unknown[] };
      readonly g?: Graph;
      readonly graphs: readonly Graph[];
    }[];
  }[];
}

/** The first tensor of a graph, its subgraphs included, whose data is elsewhere. */
function externalTensor({ initializer, node }: Graph): string | undefined {
  const tensors = [...initializer];
  const graphs: Graph[] = [];
  for (const { t, g, graphs: more } of node.flatMap(({ attribute }) => attribute)) {
    if (t) tensors.push(t);
    graphs.push(...(g ? [g] : []), ...more);
  }
  const external = tensors.find(({ externalData }) => externalData.length > 0)?.name;
  return external ?? graphs.map(externalTensor).find((name) => name !== undefined);
}

/**
 * Refuses a model whose tensors lie in other files: a manifest vouches for `model.onnx` alone, and a path in a model could
 * lead anywhere on the disk.
 *
 * @throws BundleError naming the tensor
 */
export async function refuseExternalData(model: Buffer, path: string): Promise<void> {
  if (!model.includes(LOCATION)) return;
  // Only now: most models have none, and the schema of ONNX takes long to load.
  const [{ fromBinary }, { ModelProtoSchema }] = await Promise.all([import('@bufbuild/protobuf'), import('onnx-buf')]);
  let holder: Holder;
  try {
    holder = fromBinary(ModelProtoSchema, model);
  } catch (error) {
    throw new BundleError(path, `is no ONNX model (${(error as Error).message})`, 'Export it anew and import it');
  }
  const tensor = holder.graph && externalTensor(holder.graph);
  if (tensor !== undefined) {
    throw new BundleError(
      path,
      `keeps the data of its tensor "${tensor}" in another file`,
      'Export it as one file: onnx.save_model(model, path, save_as_external_data=False)',
    );
  }
}

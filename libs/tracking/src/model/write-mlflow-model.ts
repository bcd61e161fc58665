import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeFile } from '#kit';
import { condaEnvironment, PYTHON_VERSION, pythonEnvironment, REQUIREMENTS } from './python-environment.js';

/** An input or output tensor, with NumPy's type name. */
export interface SignatureTensor {
  readonly name: string;
  readonly dtype: 'float32' | 'float64' | 'int32' | 'int64' | 'str' | 'bool';
  /** -1 for a dynamic dimension. */
  readonly shape: readonly number[];
}

export interface MlflowModel {
  /** The bytes of `model.onnx`. */
  readonly model: Uint8Array;
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
  readonly createdAt: Date;
  /** Additional metadata, such as our name and version of the model. */
  readonly metadata: Readonly<Record<string, string>>;
}

const DATA = 'model.onnx';
/** Quotes strings: Python reads YAML 1.1, where an unquoted time or number is not a string. */
const AS_PYTHON_READS = { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN', lineWidth: 0 } as const;

/** As `mlflow.types.Schema` serialises itself: a JSON list within the YAML. */
const schema = (tensors: readonly SignatureTensor[]): string =>
  JSON.stringify(tensors.map(({ name, dtype, shape }) => ({ name, type: 'tensor', 'tensor-spec': { dtype, shape } })));

function mlmodel({ model, inputs, outputs, createdAt, metadata }: MlflowModel): object {
  return {
    flavors: {
      onnx: { code: null, data: DATA, onnx_version: REQUIREMENTS.onnx, providers: ['CPUExecutionProvider'] },
      python_function: {
        data: DATA,
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.onnx',
        python_version: PYTHON_VERSION,
      },
    },
    metadata,
    mlflow_version: REQUIREMENTS.mlflow,
    model_size_bytes: model.length,
    model_uuid: createHash('sha256').update(model).update(createdAt.toISOString()).digest('hex').slice(0, 32),
    signature: { inputs: schema(inputs), outputs: schema(outputs), params: null },
    utc_time_created: `${createdAt.toISOString().slice(0, -1).replace('T', ' ')}000`,
  };
}

/**
 * Writes a folder that `mlflow.onnx.load_model` and `mlflow.pyfunc.load_model` can load. The same input gives the same
 * bytes. `MLmodel`, which marks it as a model, is written last.
 *
 * Sources: https://mlflow.org/docs/latest/ml/model/, https://mlflow.org/docs/latest/ml/model/signatures/ and
 * `mlflow/onnx/__init__.py`
 */
export async function writeMlflowModel(folder: string, model: MlflowModel): Promise<void> {
  const files: Record<string, string | Buffer> = {
    [DATA]: Buffer.from(model.model),
    'requirements.txt': `${Object.entries(REQUIREMENTS)
      .map(([name, version]) => `${name}==${version}`)
      .join('\n')}\n`,
    'conda.yaml': stringify(condaEnvironment(), AS_PYTHON_READS),
    'python_env.yaml': stringify(pythonEnvironment(), AS_PYTHON_READS),
    MLmodel: stringify(mlmodel(model), AS_PYTHON_READS),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

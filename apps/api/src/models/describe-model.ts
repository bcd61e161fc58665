import type { LoadedModel, ServedModel } from '#runtime';
import { describeProof } from './describe-proof.js';
import type { ModelInfoDto } from './model-info.dto.js';
import type { TensorModelInfoDto } from './tensor-model-info.dto.js';

export function describeModel({ manifest, inputs, features, parity }: ServedModel): ModelInfoDto {
  const { classes, proof } = manifest;
  const isBinary = classes.length === 2;
  const { name, version, algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp } = manifest;
  return {
    name,
    version,
    algorithm,
    hyperparameters,
    metrics,
    train_samples,
    test_samples,
    n_features: features.length,
    timestamp,
    signature: {
      inputs: inputs.map(({ name, type, minimum, maximum, nullable }) => ({ name, type, minimum, maximum, nullable })),
      features,
      classes: manifest.classes,
    },
    sha256: Object.fromEntries(Object.entries(manifest.files).map(([file, { sha256 }]) => [file, sha256])),
    parity,
    task: isBinary ? 'binary' : 'multiclass',
    classes,
    threshold: null,
    probability_of: isBinary ? classes[1] : 'prediction',
    proof: describeProof({ rows: parity.rows, answered_by: proof?.answered_by }),
  };
}

/** A version of either kind. */
export function describeLoaded(model: LoadedModel): ModelInfoDto | TensorModelInfoDto {
  if (model.kind === 'pipeline') return describeModel(model);
  const { name, version, description = null, timestamp = null, files, proof } = model.manifest;
  const { inputs, outputs } = model;
  return {
    name,
    version,
    description,
    timestamp,
    inputs,
    outputs,
    sha256: { 'model.onnx': files['model.onnx'].sha256 },
    labels: model.labels,
    proof: describeProof(proof ?? { rows: 0 }),
  };
}

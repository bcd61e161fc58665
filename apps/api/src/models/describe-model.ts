import { taskOf } from '#bundle';
import type { RawColumn } from '#schema';
import type { LoadedModel, ServedModel } from '#runtime';
import { describeProof } from './describe-proof.js';
import type { EngineDto } from './engine.dto.js';
import type { InputColumnDto, ModelInfoDto } from './model-info.dto.js';
import type { TensorModelInfoDto } from './tensor-model-info.dto.js';

/** What a caller must know to send a value, without hints for documentation. */
function describeColumn(column: RawColumn): InputColumnDto {
  const rules = Object.entries(column).filter(([key]) => key !== 'description' && key !== 'example');
  return Object.fromEntries(rules) as unknown as InputColumnDto;
}

export function describeModel({ manifest, inputs, features, parity, choice }: ServedModel): ModelInfoDto {
  const { classes, proof, threshold = null } = manifest;
  const task = taskOf(manifest);
  const ofPrediction = task === 'regression' ? null : 'prediction';
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
      inputs: inputs.map(describeColumn),
      features,
      classes: manifest.classes,
    },
    sha256: Object.fromEntries(Object.entries(manifest.files).map(([file, { sha256 }]) => [file, sha256])),
    parity,
    ...engineOf(choice),
    task,
    classes,
    threshold,
    probability_of: task === 'binary' ? classes[1] : ofPrediction,
    proof: describeProof({ rows: parity.rows, answered_by: proof?.answered_by }),
  };
}

const engineOf = ({ engine, engine_reason }: LoadedModel['choice']): EngineDto => ({ engine, engine_reason });

/** Describes a version, with or without a pipeline. */
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
    ...engineOf(model.choice),
    proof: describeProof(proof ?? { rows: 0 }),
  };
}

import { parseModel } from './parse-model.js';

/** Inputs whose shape a model leaves open, down to its number of dimensions; ONNX Runtime shows them as scalars. */
export function unrankedInputs(model: Uint8Array): Set<string> {
  const inputs = parseModel(model).graph?.input ?? [];
  return new Set(
    inputs
      .filter(({ type }) => type?.value.case === 'tensorType' && type.value.value.shape === undefined)
      .map(({ name }) => name),
  );
}

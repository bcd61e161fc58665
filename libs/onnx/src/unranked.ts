import { parseModel } from './parse-model.js';

/** Inputs of unknown rank, which ONNX Runtime shows as scalars. */
export function unrankedInputs(model: Uint8Array): Set<string> {
  const inputs = parseModel(model).graph?.input ?? [];
  return new Set(
    inputs
      .filter(({ type }) => type?.value.case === 'tensorType' && type.value.value.shape === undefined)
      .map(({ name }) => name),
  );
}

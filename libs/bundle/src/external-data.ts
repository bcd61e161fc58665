const LOCATION = Buffer.from('location');

/** A cheap check that spares most models from being parsed: the schema of ONNX takes long to load. */
export const mayHaveExternalData = (model: Buffer): boolean => model.includes(LOCATION);

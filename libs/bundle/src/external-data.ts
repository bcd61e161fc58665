const LOCATION = Buffer.from('location');

/** Whether a model has to be parsed to know: most need not, and the schema of ONNX takes long to load. */
export const mayHaveExternalData = (model: Buffer): boolean => model.includes(LOCATION);

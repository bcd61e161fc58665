/** A key of every entry that places a tensor's data outside the model's file (onnx.proto3, TensorProto.external_data). */
export const LOCATION = Buffer.from('location');

/** Whether a model has to be parsed to know: most need not, and the schema of ONNX takes long to load. */
export const mayHaveExternalData = (model: Buffer): boolean => model.includes(LOCATION);

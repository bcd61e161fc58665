/** What ONNX graphs of tests are made of. */
export { attribute, labelTensor, node } from '#onnx';

/** What keeps a graph from the kernel; ONNX Runtime serves it then. */
export class Unsupported extends Error {}

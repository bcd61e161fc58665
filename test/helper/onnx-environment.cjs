const { TestEnvironment } = require('jest-environment-node');

/** ONNX Runtime checks `instanceof` against the outer realm's typed arrays, but Jest's realm has its own. */
class OnnxEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const type of [ArrayBuffer, Uint8Array, Float32Array, Float64Array, Int32Array, BigInt64Array]) {
      this.global[type.name] = type;
    }
  }
}

module.exports = OnnxEnvironment;

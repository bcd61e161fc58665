// ONNX Runtime sends usage data unless this is set before it is loaded.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

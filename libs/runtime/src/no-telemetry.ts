// ONNX Runtime sends usage data unless it is told not to before it is loaded. Nothing leaves a server that nobody asked for.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

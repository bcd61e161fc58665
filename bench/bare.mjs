// A bare process that holds the same ONNX session and nothing else.
await import('./contestants/model.mjs');
process.send('ready');
setInterval(() => undefined, 1_000);

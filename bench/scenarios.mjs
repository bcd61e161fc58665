const single = (connections) => ({ name: `single-${connections}`, path: '/predict', rows: 1, connections });
const batch = (rows) => ({ name: `batch-${rows}`, path: '/predict/batch', rows, connections: 1 });

export const SCENARIOS = [single(1), single(16), single(64), batch(1_000), batch(10_000)];

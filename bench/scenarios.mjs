// V8 has compiled what a request needs after so many, not after so long: a busy machine answers fewer in a second.
const single = (connections) => ({
  name: `single-${connections}`,
  path: '/predict',
  rows: 1,
  connections,
  warmUpRequests: 15_000,
});
const batch = (rows, warmUpRequests) => ({
  name: `batch-${rows}`,
  path: '/predict/batch',
  rows,
  connections: 1,
  warmUpRequests,
});

export const SCENARIOS = [single(1), single(16), single(64), batch(1_000, 100), batch(10_000, 20)];

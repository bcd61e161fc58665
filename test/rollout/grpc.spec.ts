import { join } from 'node:path';
import { readRollout, writeAliases, writeBundle } from '#bundle';
import { openStore } from '#monitoring';
import { ModelRegistry } from '#registry';
import { columnOf, countsOf, latencyBin, Rollouts, startRollout } from '#renewal';
import { temporaryFolder, tinyBundle, TURNED_FOREST } from '#testing';
import { boot } from '../helper/boot.js';
import { grpcClient } from '../helper/grpc-client.js';

const CALLS = 80;

describe('A rollout over gRPC', () => {
  const folder = temporaryFolder();
  const models = join(folder, 'models');
  const store = join(folder, 'monitor');
  const tensor = (name: string, datatype: string, contents: object) => ({ name, datatype, shape: [1], contents });
  const asked = (key: string, weight = 0) => ({
    model_name: 'tiny',
    parameters: { routing_key: { string_param: key } },
    inputs: [
      tensor('weight_kg', 'FP64', { fp64_contents: [weight] }),
      tensor('distance_km', 'INT64', { int64_contents: [9000] }),
      tensor('value_eur', 'FP64', { fp64_contents: [10] }),
    ],
  });

  it('splits calls by their routing key as HTTP does, and counts what each version answered and refused', async () => {
    for (const forest of [undefined, TURNED_FOREST]) {
      await writeBundle(models, tinyBundle(forest ? { version: '2', forest } : {}));
    }
    await writeAliases(models, 'tiny', { champion: '1' });
    const api = await boot({
      MODELS_DIR: models,
      MONITOR_ENABLED: 'true',
      MONITOR_STORE: store,
      GRPC_ENABLED: 'true',
      GRPC_PORT: '0',
      LOG_LEVEL: 'silent',
    });
    const grpc = grpcClient(api.grpcPort!);
    const tally: Record<string, [answered: number, failed: number]> = { 1: [0, 0], 2: [0, 0] };
    try {
      // Before it, nothing is counted.
      expect((await grpc.call('ModelInfer', asked('nobody'))).status).toBe('OK');
      await startRollout({ directory: models }, 'tiny', { version: '2', steps: [50], mode: 'auto' }, 'a test');
      await new Rollouts(models).step('tiny', { kind: 'advance' }, { reason: 'a test' });
      await api.app.get(ModelRegistry).load();
      for (let n = 0; n < CALLS; n++) {
        const key = `caller ${n}`;
        const { status, message } = await grpc.call('ModelInfer', asked(key));
        expect(status).toBe('OK');
        const version = message.model_version as string;
        tally[version][0]++;
        const row = { weight_kg: 0, distance_km: 9000, value_eur: 10 };
        const other = n % 8 > 0 ? undefined : await api.post('/predict', row, { 'x-routing-key': key });
        if (other) {
          expect(other.body.model_version).toBe(`tiny:${version}`);
          tally[version][0]++;
        }
        if (n % 4 > 0) continue;
        expect((await grpc.call('ModelInfer', asked(key, -1))).status).toBe('INVALID_ARGUMENT');
        tally[version][1]++;
      }
    } finally {
      grpc.close();
      await api.close();
    }
    expect(tally[1][0] + tally[2][0]).toBe(CALLS + CALLS / 8);
    expect(Math.min(tally[1][0], tally[2][0])).toBeGreaterThan(CALLS / 5);
    const { id, epoch } = (await readRollout(models, 'tiny'))!;
    const reader = await openStore({ store, schema: '', maxBytes: 1e9 });
    const counts = await reader.counts({ model: countsOf('tiny'), scale: 'minute', from: 0, to: 4e12 });
    await reader.close();
    const cells = (version: string, what: 'requests' | 'latency', size: number): number[] =>
      counts
        .filter((one) => one.version === version && one.column === columnOf(id, epoch, what))
        .reduce((sums, one) => sums.map((sum, i) => sum + one.cells[i]), Array<number>(size).fill(0));
    for (const version of ['1', '2']) {
      expect(cells(version, 'requests', 2)).toEqual(tally[version]);
      const latencies = cells(version, 'latency', latencyBin(Infinity) + 1);
      expect(latencies.reduce((sum, count) => sum + count, 0)).toBe(tally[version][0]);
    }
  });
});

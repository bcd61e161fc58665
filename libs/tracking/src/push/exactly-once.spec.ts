import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../run.js';
import { newStore, trackerTo } from '../testing/logged.js';
import { type StubFault, StubServer } from '../testing/stub-server.js';
import type { StubMetric } from '../testing/stub-store.js';

const metric = fc.record({
  key: fc.constantFrom('loss', 'accuracy'),
  value: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, -0, 1, NaN, Infinity, -Infinity) }, fc.double()),
  step: fc.integer({ min: -1, max: 1 }),
  timestamp: fc.integer({ min: 0, max: 1 }),
});
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ metrics: fc.array(metric, { maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ tag: fc.constantFrom('a', 'b'), value: fc.string({ unit: 'binary' }) }) },
  { weight: 1, arbitrary: fc.constantFrom('input' as const, 'param' as const, 'wait' as const) },
);
const fault = fc.constantFrom<StubFault>(
  ...(['none', 'none', 'drop', 'drop-after', 'error', 'error-after', 'error-half', 'throttle'] as const),
);

/** A value after JSON and the SQL store. */
const asStored = (value: number): number | string =>
  Number.isNaN(value) ? 'NaN' : Math.min(Math.max(value + 0, -Number.MAX_VALUE), Number.MAX_VALUE);

/** Performs an action and returns the metrics that the server must have afterwards. */
async function act(run: Run, what: unknown, turn: number): Promise<StubMetric[]> {
  const { metrics, tag, value } = what as { metrics?: StubMetric[]; tag?: string; value?: string };
  if (what === 'wait') await sleep(1);
  if (what === 'param') run.logParams({ [`p${turn}`]: turn });
  if (what === 'input') run.logInput({ name: `d${turn}`, digest: '0', sourceType: 'local', source: '{}' }, 'training');
  if (tag !== undefined) run.setTags({ [tag]: value! });
  run.logMetrics((metrics ?? []) as { key: string; value: number }[]);
  return (metrics ?? []).map((logged) => ({ ...logged, value: asStored(logged.value as number) }));
}

describe('whatever is logged and whatever fails', () => {
  let server: StubServer;
  beforeEach(async () => (server = await StubServer.start()));
  afterEach(() => server.stop());

  it.each([['an appending', false] as const, ['a SQL', true] as const])(
    'after the last push %s store has exactly what was logged, once, in order',
    async (_, isSql) => {
      server.mlflow.isSql = isSql;
      const property = fc.asyncProperty(
        fc.array(action, { maxLength: 12 }),
        fc.array(fault, { maxLength: 40 }),
        fc.boolean(),
        async (actions, faults, isLive) => {
          const directory = newStore();
          const queue = [...faults];
          server.fault = () => queue.shift() ?? 'none';
          const run = trackerTo(isLive ? server.uri : undefined, directory).startRun({ experiment: 'e', name: 'n' });
          const expected: StubMetric[] = [];
          for (const [turn, what] of actions.entries()) expected.push(...(await act(run, what, turn)));
          await run.end();
          const tracker = trackerTo(server.uri, directory, { retries: 1 });
          while (queue.length > 0 && (await tracker.push()).length > 0);
          queue.length = 0;
          await tracker.push();
          expect(await tracker.push()).toEqual([]);
          const mine = server.mlflow.runs.filter(({ tags }) => tags.get('skewless.run_id') === run.id);
          expect(mine).toHaveLength(1);
          const distinct = new Map(expected.map((logged) => [JSON.stringify(Object.values(logged)), logged]));
          expect(mine[0].metrics).toEqual(isSql ? [...distinct.values()] : expected);
          expect(mine[0].params.size).toBe(actions.filter((what) => what === 'param').length);
          expect(mine[0].inputs).toHaveLength(actions.filter((what) => what === 'input').length);
          expect(mine[0].info.status).toBe('FINISHED');
        },
      );
      await fc.assert(property, { numRuns: 30 });
    },
  );
});

import { join } from 'node:path';
import { InputError } from '#kit';
import { openStore } from '#monitoring';
import { temporaryFolder } from '#testing';
import { all, idAt, labelsOf, rowsOf } from '../../../../../libs/monitoring/src/store/testing/store-contract.js';
import type { CommandContext } from '../../command-context.js';
import { forget, type ForgetOptions } from './forget.js';

const temporary = temporaryFolder();
/** A recent time, because the real clock decides what is kept. */
const NOW = Date.now() - 60_000;
const IDS = [0, 1, 2, 3].map((n) => idAt(NOW, n));

describe('monitor forget', () => {
  let folders = 0;
  let monitor: CommandContext['config']['monitor'];

  /** Runs the command and returns its JSON output. */
  async function erase(names: string[], options: ForgetOptions = {}): Promise<unknown> {
    let printed: unknown;
    const context = { config: { monitor }, print: (value: unknown) => (printed = value) };
    await forget(context as unknown as CommandContext, names, options);
    return printed;
  }
  const kept = async (): Promise<string[]> => {
    const store = await openStore(monitor);
    const ids = (await all(store, { to: NOW + 3_600_000 })).map(({ id }) => id);
    await store.close();
    return ids;
  };

  beforeEach(async () => {
    const store = join(temporary, String(folders++));
    monitor = { store, schema: 'skewless_monitor', maxBytes: 1e9 } as typeof monitor;
    const opened = await openStore(monitor);
    const rows = rowsOf(IDS.map((id, n) => ({ id, raw: '{"a":1}', externalId: n < 2 ? 'shop:7' : `shop:${n}x` })));
    await opened.append({ producer: 'a', sequence: 1, rows, labels: labelsOf([[IDS[0], 'no', NOW]]) });
    await opened.close();
  });

  it('erases predictions by their ids, each once, whatever the case of the letters', async () => {
    expect(await erase([IDS[2].toUpperCase(), IDS[2], idAt(NOW, 99)])).toEqual({ forgotten: 1 });
    expect(await kept()).toEqual([IDS[0], IDS[1], IDS[3]]);
    expect(await erase([IDS[2]])).toEqual({ forgotten: 0 });
  });

  it("erases all predictions of a caller's own id, with their labels", async () => {
    expect(await erase(['shop:7', 'nobody'], { externalId: true })).toEqual({ forgotten: 2 });
    expect(await kept()).toEqual([IDS[2], IDS[3]]);
    expect(await erase(['nobody'], { externalId: true })).toEqual({ forgotten: 0 });
  });

  it('says what is no id, and then erases nothing', async () => {
    await expect(erase([IDS[0], 'shop:7'])).rejects.toThrow(
      new InputError(
        '"shop:7" is not a prediction_id such as 019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11; if it is an id of the caller, add --external-id.',
      ),
    );
    expect(await kept()).toEqual(IDS);
  });
});

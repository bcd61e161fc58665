import { InputError, writeFile } from '#kit';
import {
  buildPage,
  closedUpTo,
  findVersion,
  lastClosedWindow,
  openStore,
  type PageFormat,
  SCALE_NAMES,
} from '#monitoring';
import type { CommandContext } from '../../command-context.js';
import { timeOf } from './time.js';

export interface ReportOptions {
  readonly out: string;
  readonly window: string;
  readonly now?: string;
  readonly version?: string;
}

/** Writes a model's page from the store as one file. */
export async function report(
  { config, print }: CommandContext,
  model: string,
  { out, window, now: given, version }: ReportOptions,
): Promise<void> {
  if (!out.endsWith('.html')) throw new InputError(`--out ${out}: the file name must end in .html.`);
  const scale = SCALE_NAMES.find((name) => name === window);
  if (!scale) throw new InputError(`--window ${window} must be one of ${SCALE_NAMES.join(', ')}.`);
  const now = given === undefined ? Date.now() : timeOf('--now', given);
  // Later judgements do not belong to an earlier time.
  const to = given === undefined ? undefined : lastClosedWindow(scale, closedUpTo(now), 0).to;
  const store = await openStore(config.monitor);
  try {
    const versions = [await findVersion(store, model, version)];
    const textOf = async (format: PageFormat): Promise<string> =>
      (await buildPage(store, { format, scale, now, to, versions, isList: false, isServed: false }))!.text;
    await writeFile(out, await textOf('html'));
    const shown = await textOf('json');
    print({ out, ...(JSON.parse(shown) as object) }, () =>
      console.log(`The page of ${model}/${versions[0].version} is written: ${out}`),
    );
  } finally {
    await store.close();
  }
}

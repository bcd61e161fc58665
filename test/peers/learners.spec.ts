import { readFileSync, writeFileSync } from 'node:fs';
import {
  contest,
  FAMILY_NAMES,
  type FamilyName,
  LEARNERS,
  meanLoss,
  SHORT_FORESTS,
  tooLarge,
} from '../helper/learners/contest.js';
import { asTable, keepLine, lineOf } from './helper/learner-table.js';
import { LossProcess } from './helper/loss-process.js';
import { python } from './helper/python.js';

const EXPECTATIONS = 'test/fixtures/learners/peers.json';
const SHORT_SEEDS = 2;
const FORESTS = 3;
const { WRITE_EXPECTATIONS, WRITE_TABLE, SEEDS } = process.env;
/** Large tables take a while, and leave less to chance. */
const DEAR: readonly FamilyName[] = ['letters, 26 classes', 'many classes', 'many rows'];
const seedsOf = (family: FamilyName): number[] => {
  const count = SEEDS ? Number(SEEDS) : DEAR.includes(family) ? 2 : 7;
  return Array.from({ length: count }, (_, i) => i + 1);
};

const tell = (line: string): unknown => process.stdout.write(`${line}\n`);
const digits = (loss: number): string => loss.toFixed(4);

/**
 * Our learners beside scikit-learn's forest and logistic regression and XGBoost's boosting: the same random tables, equal
 * hyperparameters, the log loss on rows kept aside. `SEEDS=20` takes more of them; `WRITE_TABLE=1` writes the table of
 * docs/learners.md, `WRITE_EXPECTATIONS=1` what the short form, test/learners.spec.ts, expects.
 */
describe('learners beside their peers', () => {
  let ours: LossProcess;
  let peers: LossProcess;
  const lines: string[][] = [];

  beforeAll(async () => {
    ours = new LossProcess(process.execPath, 'test/peers/helper/fit-learners.mjs');
    peers = new LossProcess(python('learners'), 'test/peers/helper/fit_learners.py');
    tell(`versions: ${JSON.stringify(await peers.versions)}`);
  });

  afterAll(() => {
    ours.close();
    peers.close();
    tell(asTable(lines));
  });

  describe.each(LEARNERS)('%s', (kind) => {
    it.each(FAMILY_NAMES)(
      '%s',
      async (family) => {
        const losses = { own: [] as number[], peer: [] as number[] };
        for (const seed of seedsOf(family)) {
          const one = contest(kind, family, seed, 'whole');
          const forests = DEAR.includes(family) ? 1 : FORESTS;
          const own = await meanLoss(kind, forests, (fit) => ours.of(one, fit));
          const peer = await meanLoss(kind, forests, (fit) => peers.of(one, fit));
          losses.own.push(own);
          losses.peer.push(peer);
          const { labels, features, classes } = one.training;
          const about = `${labels.length} rows, ${features.length} columns, ${classes} classes`;
          const chosen = JSON.stringify(one.spec.hyperparameters);
          tell(`${kind}, ${family}, seed ${seed}: ${digits(own)} / ${digits(peer)}  ${about} ${chosen}`);
        }
        const line = lineOf(kind, family, losses);
        lines.push(line);
        if (WRITE_TABLE) keepLine(line);
        expect(tooLarge(losses)).toEqual([]);
      },
      3_600_000,
    );
  });

  it('gives what the short form expects', async () => {
    const losses: Record<string, Record<string, number[]>> = {};
    for (const kind of LEARNERS) {
      losses[kind] = {};
      for (const family of FAMILY_NAMES) {
        losses[kind][family] = [];
        for (let seed = 1; seed <= (DEAR.includes(family) ? 1 : SHORT_SEEDS); seed++) {
          const one = contest(kind, family, seed, 'short');
          const loss = await meanLoss(kind, SHORT_FORESTS, (fit) => peers.of(one, fit));
          losses[kind][family].push(Number(loss.toFixed(5)));
        }
      }
    }
    const versions = await peers.versions;
    if (WRITE_EXPECTATIONS) writeFileSync(EXPECTATIONS, `${JSON.stringify({ versions, losses }, null, 2)}\n`);
    expect(JSON.parse(readFileSync(EXPECTATIONS, 'utf8'))).toEqual({ versions, losses });
  });
});

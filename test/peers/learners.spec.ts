import { readFileSync, writeFileSync } from 'node:fs';
import {
  contest,
  FAMILY_NAMES,
  type FamilyName,
  LEARNERS,
  type Losses,
  meanLoss,
  median,
  ownLoss,
  SHORT_FORESTS,
  tooLarge,
} from '../helper/learners/contest.js';
import { PeerLosses } from './helper/peer-losses.js';

const EXPECTATIONS = 'test/fixtures/learners/peers.json';
const SHORT_SEEDS = 2;
const FORESTS = 3;
const { WRITE_EXPECTATIONS, SEEDS } = process.env;
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
 * hyperparameters, the log loss on rows kept aside. `SEEDS=20` takes more of them; `WRITE_EXPECTATIONS=1` writes what the
 * short form, test/learners.spec.ts, expects.
 */
describe('learners beside their peers', () => {
  let peers: PeerLosses;
  const table: string[] = [];

  beforeAll(async () => {
    peers = new PeerLosses();
    tell(`versions: ${JSON.stringify(await peers.versions)}`);
  });

  afterAll(() => {
    peers.close();
    tell(
      ['| learner | tables | seeds | ours | peer | ratio | worst |', '| - | - | - | - | - | - | - |', ...table].join(
        '\n',
      ),
    );
  });

  describe.each(LEARNERS)('%s', (kind) => {
    it.each(FAMILY_NAMES)('%s', async (family) => {
      const losses = { own: [] as number[], peer: [] as number[] };
      for (const seed of seedsOf(family)) {
        const one = contest(kind, family, seed, 'whole');
        const forests = DEAR.includes(family) ? 1 : FORESTS;
        const own = await meanLoss(kind, forests, (fit) => ownLoss(one, fit));
        const peer = await meanLoss(kind, forests, (fit) => peers.of(one, fit));
        losses.own.push(own);
        losses.peer.push(peer);
        const { labels, features, classes } = one.training;
        const about = `${labels.length} rows, ${features.length} columns, ${classes} classes`;
        const chosen = JSON.stringify(one.spec.hyperparameters);
        tell(`${kind}, ${family}, seed ${seed}: ${digits(own)} / ${digits(peer)}  ${about} ${chosen}`);
      }
      table.push(lineOf(kind, family, losses));
      expect(tooLarge(losses)).toEqual([]);
    });
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

function lineOf(kind: string, family: string, { own, peer }: Losses): string {
  const worst = Math.max(...own.map((loss, i) => loss / peer[i]));
  const ratio = median(own.map((loss, i) => loss / peer[i]));
  const [ours, theirs] = [median(own), median(peer)].map(digits);
  const cells = [kind, family, own.length, ours, theirs, ratio.toFixed(3), worst.toFixed(3)];
  return `| ${cells.join(' | ')} |`;
}

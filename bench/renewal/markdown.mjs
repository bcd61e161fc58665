import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from '../markdown-table.mjs';

// The table of docs/renewal.md, of results.json: `node bench/renewal/markdown.mjs` writes it there.

const DOCS = new URL('../../docs/renewal.md', import.meta.url);
const RESULTS = new URL('results.json', import.meta.url);
const [BEGIN, END] = ['<!-- node bench/renewal/markdown.mjs -->\n', '<!-- end of bench/renewal -->\n'];
const whole = (number) => number.toLocaleString('en-US');
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** The upper end of Wilson's interval, 95 % on one side. */
function atMost(share, n) {
  const z2 = 1.6448536269514722 ** 2;
  const spread = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n * n)));
  return (share + z2 / (2 * n) + spread) / (1 + z2 / n);
}

/** What is promised, what was asked for, and what of it was measured: a line for each kind of check. */
function linesOf(checks) {
  const all = (name) => checks.filter(({ check }) => check === name);
  const one = (name) => all(name)[0];
  const accused = ({ accused: share, canaries }) =>
    `${percent(share, 2)} of ${whole(canaries)}, at most ${percent(atMost(share, canaries), 2)} with 95 % confidence`;
  const [killed, trainings] = [one('killed before each write, sync and rename'), all('training killed')];
  const [race, rollback] = [one('two workers race for a promotion'), one('rollback under load')];
  const [guards, shadow] = [one('A/A, all guards, after every event'), one('shadow under load')];
  const [fixed, beside] = [one('rollback at a fixed rate'), one('the shadow beside callers')];
  const shares = all('split at 5 %').map(({ share }) => share);
  return [
    ['promise', 'goal', 'measured'],
    [
      'killed (`kill -9`) before each write, sync and rename of a whole rollout, it has one champion and goes on',
      '40 moments, 3 times',
      `${killed.moments} moments in ${killed.rounds} rounds`,
    ],
    [
      'the same of publishing a version and of removing old ones: each version is whole or not there, and done again it ends',
      'each moment',
      `${one('killed while publishing').moments} and ${one('killed while removing old versions').moments} moments`,
    ],
    [
      'a worker that is killed while it really trains: the job is done by the next, once, and the champion stays',
      '3 kills',
      `${trainings.filter(({ attempt, champion }) => attempt === 2 && champion === '1').length} of ${trainings.length}`,
    ],
    ['two workers race for one promotion: one makes it', '500 races', `${race.won} of ${race.races}`],
    [
      'a version that is no worse, all guards looked at after every event, is rolled back',
      'at most 5 %',
      `${accused(guards)}; ${whole(guards.events)} events`,
    ],
    [
      'the same of the guard of failures alone that has all of the error budget, looked at after each of 300 failures',
      'at most 5 %',
      accused(one('A/A, failures')),
    ],
    [
      'failures of 3 % beside 1 %, 5 % of the requests: requests of the challenger until it is found',
      'median at most 800',
      `median ${whole(one('A/B, failures 1 % to 3 % at 5 %').median_canary_requests)}`,
    ],
    [
      'an accuracy lower by 3 points: labelled rows that both have scored until it is found',
      'median at most 2,000',
      `median ${whole(one('A/B, accuracy -3 points').median_pairs)}`,
    ],
    [
      'the share of 100,000 callers that 5 % is, in each of several rollouts',
      '5.0 ± 0.2 %',
      `${percent(Math.min(...shares), 2)} to ${percent(Math.max(...shares), 2)} in ${shares.length} rollouts`,
    ],
    [
      `a rollback under load, until the last of ${rollback.workers} workers has followed`,
      'at most 3 s, no request failed',
      `${rollback.seconds} s, ${rollback.failed} of ${whole(rollback.answered)} failed`,
    ],
    [
      `the same of ${fixed.workers} workers at ${fixed.rate} requests a second, whether or not they are answered`,
      'at most 3 s, no request failed',
      `${fixed.seconds} s, ${fixed.failed} of ${whole(fixed.answered)} failed`,
    ],
    [
      `the shadow on and off in turn, ${beside.rate} single predictions a second: their 99th percentile, the CPU of each`,
      'at most 1.1 times',
      `${beside.p99_ms.ratio.toFixed(2)} times (${beside.p99_ms.on} ms beside ${beside.p99_ms.off} ms); ${beside.cpu_us.ratio.toFixed(2)} times the CPU`,
    ],
    [
      'the same of as many predictions as the server can answer: how many',
      'no goal',
      `${beside.most_per_second.ratio.toFixed(2)} times (${whole(beside.most_per_second.on)} beside ${whole(beside.most_per_second.off)} a second)`,
    ],
    [
      'the shadow of more rows than it can score is shed, and no request is refused for it',
      'none refused',
      `${shadow.refused} refused; ${whole(shadow.shed)} rows shed, ${whole(shadow.agreed + shadow.disagreed)} scored`,
    ],
  ];
}

/** What stands in docs/renewal.md between the two comments. */
function renewalTable() {
  const { node, checks } = JSON.parse(readFileSync(RESULTS, 'utf8'));
  return `
\`node bench/renewal/run.mjs\` measures it, here with Node ${node.replace('v', '')} on a machine of two cores with much else to do; times are
of that machine, all else is not:

${markdownTable(linesOf(checks))}
`;
}

/** @returns the text with the table as it is now */
export function withTable(text) {
  const [begin, end] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
  return text.slice(0, begin) + renewalTable() + text.slice(end);
}

/** Writes the table where it stands. */
export const writeTable = () => writeFileSync(DOCS, withTable(readFileSync(DOCS, 'utf8')));

if (import.meta.filename === process.argv[1]) writeTable();

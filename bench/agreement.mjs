import { readInstances } from './requests.mjs';

const AT_ONCE = 16;
/** Answers carry 6 decimals: neighbours may differ by one in the last. */
const TOLERANCE = 1e-6 + 1e-12;

/** Ours alone: an id by which a row's label is brought back. */
const OWN = 'prediction_id';
const keysOf = (answer) => Object.keys(answer).filter((key) => key !== OWN);

/** Throws unless all contestants answer all rows alike, one by one and as a batch. */
export async function assertAgreement(contestants) {
  const instances = readInstances();
  const [first, ...others] = await Promise.all(
    contestants.map(async (contestant) => [
      { who: `${contestant.name}, singly`, answers: await singly(contestant, instances) },
      { who: `${contestant.name}, as a batch`, answers: await asBatch(contestant, instances) },
    ]),
  ).then((pairs) => pairs.flat());
  for (const other of others) compare(first, other);
}

async function singly(contestant, instances) {
  const answers = [];
  for (let start = 0; start < instances.length; start += AT_ONCE) {
    const group = instances.slice(start, start + AT_ONCE);
    answers.push(...(await Promise.all(group.map((instance) => post(contestant, '/predict', instance)))));
  }
  return answers;
}

async function asBatch(contestant, instances) {
  const { predictions, count } = await post(contestant, '/predict/batch', { instances });
  if (count !== instances.length || predictions.length !== count) throw new Error(`${contestant.name} counts wrong`);
  return predictions;
}

async function post({ name, port }, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) throw new Error(`${name} answers ${response.status} ${await response.text()}`);
  return response.json();
}

function compare(one, other) {
  one.answers.forEach((expected, row) => {
    const found = other.answers[row];
    const isSame =
      found.prediction === expected.prediction &&
      Math.abs(found.probability - expected.probability) <= TOLERANCE &&
      keysOf(found).join() === keysOf(expected).join();
    if (isSame) return;
    const show = JSON.stringify;
    throw new Error(`Row ${row}: ${one.who}, answers ${show(expected)}; ${other.who}, answers ${show(found)}`);
  });
}

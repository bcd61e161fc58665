import { request } from 'node:http';
import { startContestant } from './contestants.mjs';
import { atMost, runAlone } from './goal.mjs';
import { readInstances } from './requests.mjs';
import { residentMiB, watchResident } from './resident.mjs';

// A million rows of NDJSON through one request: what memory the server needs beyond idle.

const ROWS = 1_000_000;
const WARM_ROWS = 20_000;

function lines(count) {
  const rows = readInstances().map((instance) => `${JSON.stringify(instance)}\n`);
  const block = Buffer.from(rows.join(''));
  return { block, blocks: Math.ceil(count / rows.length), count: Math.ceil(count / rows.length) * rows.length };
}

function stream(port, { block, blocks }) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const opened = request({ port, host: '127.0.0.1', path: '/predict/batch', method: 'POST', headers });
    let answered = 0;
    opened.on('error', reject).on('response', (answer) => {
      answer.on('data', (chunk) => {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) answered++;
      });
      answer.on('error', reject).on('end', () => resolve(answered));
    });
    let sent = 0;
    const send = () => {
      while (sent < blocks) {
        sent++;
        if (!opened.write(block)) return opened.once('drain', send);
      }
      opened.end();
    };
    send();
  });
}

export async function ndjson() {
  const server = await startContestant('skewless');
  await stream(server.port, lines(WARM_ROWS));
  const idle = residentMiB(server.pid);
  const watch = watchResident(server.pid);
  const million = lines(ROWS);
  const started = performance.now();
  const answered = await stream(server.port, million);
  const seconds = (performance.now() - started) / 1_000;
  const most = watch.stop();
  await server.stop();
  if (answered !== million.count) throw new Error(`${answered} of ${million.count} lines were answered`);
  const says = `idle ${idle.toFixed(0)}, most ${most.toFixed(0)} MiB; ${Math.round(answered / seconds)} rows/s`;
  return [atMost('a million rows of NDJSON, MiB above idle', most - idle, 60, says)];
}

await runAlone(import.meta, ndjson);

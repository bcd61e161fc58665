import { readFileSync } from 'node:fs';

const DISTINCT_SINGLES = 512;
const DISTINCT_BATCHES = 8;

/** Raw rows of the recorded data set, without the target. */
export function readInstances() {
  const text = readFileSync(new URL('../test/fixtures/golden/dataset.csv', import.meta.url), 'utf8');
  const [header, ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(',').slice(0, -1);
  return lines.slice(0, DISTINCT_SINGLES).map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
  });
}

/** Requests as bytes, ready to send: varied singles, or batches of `rows` instances that start at varied rows. */
export function serialiseRequests({ path, rows }) {
  const instances = readInstances();
  if (rows === 1) return instances.map((instance) => toBytes(path, instance));
  return Array.from({ length: DISTINCT_BATCHES }, (_, batch) =>
    toBytes(path, {
      instances: Array.from({ length: rows }, (_, i) => instances[(batch * 61 + i) % instances.length]),
    }),
  );
}

function toBytes(path, body) {
  const json = JSON.stringify(body);
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

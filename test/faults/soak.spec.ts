import { setTimeout as sleep } from 'node:timers/promises';
import { EXAMPLE } from '#testing';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf, IS_BOUNDED } from './helper/fault.js';
import { closedLoop } from './helper/load.js';
import { openHandles, residentMebibytes, slope } from './helper/resources.js';
import { signed } from './helper/signed.js';

const SECONDS = Number(process.env.SOAK_SECONDS ?? (IS_BOUNDED ? 40 : 600));
const SAMPLES = 20;
/**
 * Growth that the last half of a run may show; a leak of 100 bytes a request would show several times that in ten minutes.
 * In its first minute the heap still finds its size.
 */
const MAX_GROWTH_MEBIBYTES = SECONDS < 120 ? 60 : 15;

const fault = faultsOf('Soak');
afterEach(() => ServerProcess.killAll());

fault(
  `${SECONDS} s of singles, batches and faulty requests`,
  {
    load: '16 clients with singles, 2 with batches of 1,000, 2 with wrong input, without a pause',
    expected: 'memory and file handles level off: their slope over the last half is about 0',
    minutes: SECONDS / 60 + 2,
  },
  async () => {
    const server = await ServerProcess.ready([], { LOG_LEVEL: 'warn' });
    const batch = JSON.stringify({ instances: Array(1_000).fill(EXAMPLE) });
    const loads = [
      closedLoop(server, 16, '/predict', JSON.stringify(EXAMPLE)),
      closedLoop(server, 2, '/predict/batch', batch),
      closedLoop(server, 2, '/predict', '{"feature_1":"x","unknown":[]}'),
    ];
    const memory: number[] = [];
    const handles: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      await sleep((SECONDS * 1_000) / SAMPLES);
      memory.push(residentMebibytes(server.pid));
      handles.push(openHandles(server.pid));
    }
    const outcomes = await Promise.all(loads.map((load) => load.stop()));
    expect(outcomes.map(({ counts }) => Object.keys(counts))).toEqual([['200'], ['200'], ['422']]);
    const half = SAMPLES / 2;
    const growth = slope(memory.slice(half)) * half;
    const opened = slope(handles.slice(half)) * half;
    expect(growth).toBeLessThan(MAX_GROWTH_MEBIBYTES);
    expect(Math.abs(opened)).toBeLessThan(2);
    const requests = outcomes.reduce((sum, { total }) => sum + total, 0);
    return `${requests.toLocaleString('en')} requests; over the last half memory ${signed(growth, 1)} MiB at ${Math.round(memory.at(-1)!)} MiB, handles ${opened.toFixed(1)}`;
  },
);

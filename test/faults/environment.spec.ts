import { EXAMPLE } from '#testing';
import { ServerProcess } from '../helper/server-process.js';
import { faultsOf } from './helper/fault.js';

const BODY = JSON.stringify(EXAMPLE);
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const fault = faultsOf('Clocks and places');
afterEach(() => ServerProcess.killAll());

fault(
  'time zones',
  { load: 'TZ of Kathmandu, Apia and a name that does not exist', expected: 'timestamps in UTC, close to now' },
  async () => {
    for (const TZ of ['Asia/Kathmandu', 'Pacific/Apia', 'Nowhere/Land']) {
      const server = await ServerProcess.ready([], { TZ });
      const { text } = await server.ask('/predict', { body: BODY });
      const { timestamp } = JSON.parse(text) as { timestamp: string };
      expect(timestamp).toMatch(UTC);
      expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
      server.signal('SIGKILL');
    }
    return 'UTC and within a minute, in all three';
  },
);

/** Lets `Date.now()` jump back a year and forth a century while requests go on. */
const JUMPS = `data:text/javascript,${encodeURIComponent(
  'const now = Date.now; let n = 0; Date.now = () => now() + [0, -31536e6, 31536e8][n++ % 3];',
)}`;

fault(
  'a clock that jumps a year back and a century ahead',
  {
    load: '200 requests, `Date.now` jumping at every call',
    expected: 'all 200, none hangs, the server ends when told',
  },
  async () => {
    const server = await ServerProcess.ready([], { NODE_OPTIONS: `--import ${JUMPS}` });
    const answers = await Promise.all(Array.from({ length: 200 }, () => server.ask('/predict', { body: BODY })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    return '200 x 200, exit code 0';
  },
);

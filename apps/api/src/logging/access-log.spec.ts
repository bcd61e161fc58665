import { pino } from 'pino';
import type { Answered } from '../http/request-context.js';
import { AccessLog } from './access-log.js';

const ACCESS: Answered = {
  requestId: 'r-1',
  method: 'POST',
  path: '/predict',
  isProbe: false,
  status: 200,
  milliseconds: 1.23456,
  aborted: false,
};
const LINE = {
  level: 'info',
  time: expect.any(Number) as number,
  pid: process.pid,
  request_id: 'r-1',
  method: 'POST',
  path: '/predict',
  status: 200,
  ms: 1.235,
  msg: 'request',
};

function written(access: Partial<Answered>, level = 'debug'): string[] {
  const lines: string[] = [];
  const sink = { write: (line: string) => void lines.push(line) };
  new AccessLog(sink, pino({ level }, sink)).ended({ ...ACCESS, ...access });
  return lines;
}

describe('AccessLog', () => {
  it.each<[string, Partial<Answered>, object]>([
    ['a request', {}, LINE],
    ['a traced one', { traceId: '0af7' }, { ...LINE, trace_id: '0af7' }],
    ['one within a microsecond', { milliseconds: 0.0004 }, { ...LINE, ms: 0 }],
    ['one of whole seconds', { milliseconds: 12_000.0499 }, { ...LINE, ms: 12_000.05 }],
    ['an aborted one', { aborted: true }, { ...LINE, aborted: true }],
    ['a probe', { path: '/health/live', isProbe: true }, { ...LINE, path: '/health/live', level: 'debug' }],
    ['a path in need of escapes', { path: '/a"b\\c\u0001é' }, { ...LINE, path: '/a"b\\c\u0001é' }],
  ])('writes %s as one line of JSON', (_, access, line) => {
    const lines = written(access);
    expect(lines).toEqual([expect.stringMatching(/^[^\n]+\n$/)]);
    expect(JSON.parse(lines[0])).toEqual(line);
  });

  it.each([
    ['debug', 1, 1],
    ['info', 1, 0],
    ['warn', 0, 0],
    ['silent', 0, 0],
  ])('at level %s writes %d line for a request and %d for a probe', (level, requests, probes) => {
    expect(written({}, level)).toHaveLength(requests);
    expect(written({ isProbe: true }, level)).toHaveLength(probes);
  });
});

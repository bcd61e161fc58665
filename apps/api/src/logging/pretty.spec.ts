import { prettyFactory } from 'pino-pretty';
import { PRETTY } from './pretty.js';

const pretty = prettyFactory({ ...PRETTY, colorize: false, translateTime: false });
const TIME = /^\[[\d:.]+\] /;
const written = (line: object): string =>
  pretty(JSON.stringify({ level: 'info', time: 0, pid: 1, ...line })).replace(TIME, '');

describe('Logs for people', () => {
  it.each([
    [
      { request_id: 'r-1', method: 'POST', path: '/predict', status: 200, ms: 1.235, msg: 'request' },
      'INFO: POST /predict 200 1.235 ms {"request_id":"r-1"}\n',
    ],
    [
      { request_id: 'r-1', caller: 'shop', grpc_method: 'inference.ModelInfer', grpc_code: 'OK', ms: 2, msg: 'call' },
      'INFO <shop>: inference.ModelInfer OK 2 ms {"request_id":"r-1"}\n',
    ],
    [{ context: 'ModelRegistry', msg: 'It is ready' }, 'INFO: It is ready {"context":"ModelRegistry"}\n'],
    [{ msg: 'Skewless listens' }, 'INFO: Skewless listens\n'],
  ])('are one line each: %j', (line, text) => expect(written(line)).toBe(text));
});

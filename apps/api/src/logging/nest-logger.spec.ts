import { pino } from 'pino';
import { NestLogger } from './nest-logger.js';

type Line = Record<string, unknown>;

/** The lines of one call, without timestamps. */
function written(call: (logger: NestLogger) => void): Line[] {
  const lines: Line[] = [];
  const sink = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const options = {
    level: 'trace',
    base: null,
    timestamp: false,
    formatters: { level: (level: string) => ({ level }) },
  };
  call(new NestLogger(pino(options, sink)));
  return lines;
}

describe('NestLogger', () => {
  it.each([
    ['log', 'info'],
    ['error', 'error'],
    ['warn', 'warn'],
    ['debug', 'debug'],
    ['verbose', 'trace'],
  ] as const)('writes %s as %s, with its context', (method, level) => {
    expect(written((logger) => logger[method]('It happened', 'ModelRegistry'))).toEqual([
      { level, context: 'ModelRegistry', msg: 'It happened' },
    ]);
  });

  it.each(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'])(
    'writes the chatter of %s as debug, its warnings as warnings',
    (context) => {
      const lines = written((logger) => {
        logger.log('Mapped {/, GET} route', context);
        logger.warn('Careful', context);
      });
      expect(lines.map(({ level }) => level)).toEqual(['debug', 'warn']);
    },
  );

  it('writes an error with its type, message and stack', () => {
    const error = new RangeError('too far');
    expect(written((logger) => logger.error(error, 'ProblemFilter'))).toEqual([
      {
        level: 'error',
        err: { type: 'RangeError', message: 'too far', stack: error.stack },
        context: 'ProblemFilter',
        msg: 'too far',
      },
    ]);
  });

  it('writes the stack that Nest gives before the context', () => {
    expect(written((logger) => logger.error('broken', 'Error: broken\n    at x.ts:1', 'Injector'))).toEqual([
      { level: 'error', context: 'Injector', stack: 'Error: broken\n    at x.ts:1', msg: 'broken' },
    ]);
  });

  it('writes a message without a context', () => {
    expect(written((logger) => logger.log('alone'))).toEqual([{ level: 'info', msg: 'alone' }]);
  });
});

import { parseCommandLine, USAGE } from './command-line.js';

describe('parseCommandLine', () => {
  it('asks for nothing without arguments', () => {
    expect(parseCommandLine([])).toEqual({ help: false, flags: {} });
  });

  it('maps each flag to its setting, as text', () => {
    expect(parseCommandLine(['--workers', '2', '--port=80', '--host', '::1'])).toEqual({
      help: false,
      flags: {
        '--workers': ['server.workers', '2'],
        '--port': ['server.port', '80'],
        '--host': ['server.host', '::1'],
      },
    });
  });

  it('takes the word with which SageMaker starts a server', () => {
    expect(parseCommandLine(['serve'])).toEqual({ help: false, flags: {} });
    expect(parseCommandLine(['serve', '--port', '8080']).flags).toEqual({ '--port': ['server.port', '8080'] });
  });

  it('leaves wrong values to the configuration, which knows what is allowed', () => {
    expect(parseCommandLine(['--port', 'many']).flags).toEqual({ '--port': ['server.port', 'many'] });
  });

  it('takes the last of several', () => {
    expect(parseCommandLine(['--port', '1', '--port', '2']).flags).toEqual({ '--port': ['server.port', '2'] });
  });

  it('asks for help', () => {
    expect(parseCommandLine(['--help'])).toEqual({ help: true, flags: {} });
  });

  it.each([
    [['--prot', '80'], "Unknown option '--prot'"],
    [['-p', '80'], "Unknown option '-p'"],
    [['--port'], "Option '--port <value>' argument missing"],
    [['train'], "Unexpected argument 'train'. This command does not take positional arguments"],
    [['serve', 'serve'], "Unexpected argument 'serve'. This command does not take positional arguments"],
    [['--help=yes'], "Option '--help' does not take an argument"],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(expect.objectContaining({ name: 'TypeError', message }));
  });

  it('explains every flag in its usage text', () => {
    expect(USAGE.match(/--\w+/g)).toEqual(['--host', '--port', '--workers', '--help']);
  });
});

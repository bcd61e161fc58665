/**
 * Runs commands of the built command line one at a time, each with its own arguments, output and exit code; modules
 * stay loaded. Forked in a workspace; receives `args` and `environment`, and sends back how the command ended.
 */
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { pathToFileURL } = require('node:url');

const MAIN = resolve('dist/cli/main.js');
const [, module_] = /import\("(\.\/command-line[\w-]*\.js)"\)/.exec(readFileSync(MAIN, 'utf8'));
let commands = 0;

// Each command adds listeners to signals and to its output.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

/** Captures writes to a stream until the returned function restores it. */
function captured(stream) {
  const { write } = stream;
  let text = '';
  stream.write = (chunk, encoding, done) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const written = typeof encoding === 'function' ? encoding : done;
    if (written) process.nextTick(written);
    return true;
  };
  return () => {
    stream.write = write;
    return text;
  };
}

process.on('disconnect', () => process.exit());
process.on('message', async ({ args, environment }) => {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const [stdout, stderr] = [captured(process.stdout), captured(process.stderr)];
  process.argv = [process.execPath, MAIN, ...args];
  process.exitCode = undefined;
  // Another URL is another module, so it reads the arguments again.
  const failure = await import(`${new URL(module_, pathToFileURL(MAIN))}?${commands++}`).then(
    () => undefined,
    (error) => error,
  );
  const ended = { code: failure ? 1 : (process.exitCode ?? 0), signal: null, stdout: stdout(), stderr: stderr() };
  process.exitCode = undefined;
  for (const name of Object.keys(environment)) delete process.env[name];
  Object.assign(process.env, before);
  process.send(failure ? { ...ended, stderr: `${ended.stderr}${failure.stack}\n` } : ended);
});

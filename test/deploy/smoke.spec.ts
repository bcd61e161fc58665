import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { boot } from '../helper/boot.js';
import { PATIENCE_SECONDS, portOf, temporaryFolder, writeTinyBundle } from '#testing';

function smoke(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ['deploy/smoke.mjs', ...args],
      { timeout: PATIENCE_SECONDS * 1_000 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    ),
  );
}

const otherModels = temporaryFolder();
const noModels = temporaryFolder();

describe('The smoke test', () => {
  it('passes on the default model', async () => {
    const api = await boot();
    const { code, stdout, stderr } = await smoke(api.url);
    await api.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ok/gm)).toHaveLength(5);
  });

  it('passes on any other model', async () => {
    await writeTinyBundle(otherModels);
    const api = await boot({ MODELS_DIR: otherModels });
    const { code, stderr } = await smoke(api.url);
    await api.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('fails on a server whose model cannot be loaded, and tells what it answered', async () => {
    const api = await boot({ MODELS_DIR: noModels });
    const { code, stderr } = await smoke(api.url);
    await api.close();
    expect(code).toBe(1);
    expect(stderr).toContain('FAIL the server is ready, but got 503');
  });

  it('fails on a server that answers anything with 200', async () => {
    const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { code } = await smoke(`http://127.0.0.1:${portOf(server)}`);
    server.close();
    expect(code).toBe(1);
  });

  it('asks which server when none is named', async () => {
    expect(await smoke()).toMatchObject({ code: 1, stderr: expect.stringContaining('npm run smoke -- http') });
  });
});

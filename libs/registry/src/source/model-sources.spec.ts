import { execFileSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeTinyBundle } from '#testing';
import { expectTiny, files, folder, remote, serve, sources } from './testing/remote-models.js';

describe('Models come from', () => {
  it('a folder, by their aliases', async () => {
    await expectTiny(sources([pathToFileURL(join(remote, 'tiny')).href]));
  });

  it('a folder, none of whose files is a pipe, which nobody waits for', async () => {
    const pipes = join(folder, 'pipes');
    await mkdir(pipes);
    const pipe = join(pipes, 'aliases.json');
    execFileSync('mkfifo', [pipe]);
    expect(await sources([pathToFileURL(pipes).href]).refresh()).toEqual([
      `${pipe}: is not a regular file. Make it a regular file that this process can read.`,
    ]);
  });

  it('a folder, one version alone', async () => {
    await expectTiny(sources([pathToFileURL(join(remote, 'tiny', '3')).href]));
  });

  it('a web server, with the user and password of the URL', async () => {
    const asked = new Set<string | undefined>();
    const host = await serve((request, response) => {
      asked.add(request.headers.authorization);
      return files('/all')(request, response);
    });
    await expectTiny(sources([`http://me:s%3Fcret@${host}/all/tiny`]));
    expect([...asked]).toEqual([`Basic ${Buffer.from('me:s?cret').toString('base64')}`]);
  });

  it('an S3-compatible store, signed', async () => {
    const signatures: (string | undefined)[] = [];
    const host = await serve(async (request, response) => {
      signatures.push(request.headers.authorization);
      if (!request.url!.startsWith('/bucket/models/')) response.writeHead(400).end();
      else await files('/bucket/models/')(request, response);
    });
    await expectTiny(sources(['s3://bucket/models/tiny'], { s3Endpoint: `http://${host}` }));
    expect(signatures).toHaveLength(6);
    for (const signature of signatures) expect(signature).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
  });

  it.each([
    ['NoSuchKey', 404, 'does not exist. Create it'],
    ['AccessDenied', 403, 'could not be read (Told so)'],
  ])('an S3-compatible store, which answers %s', async (code, status, words) => {
    const host = await serve((_, response) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${code}</Code><Message>Told so</Message></Error>`);
    });
    const failures = await sources(['s3://bucket/tiny'], { s3Endpoint: `http://${host}` }).refresh();
    expect(failures).toEqual([expect.stringContaining(`s3://bucket/tiny/aliases.json: ${words}`)]);
  });
});

describe('Several sources', () => {
  it('are read at once: one that never ends keeps none waiting', async () => {
    const silent = await serve((_, response) => void response.write('{'));
    const host = await serve(files());
    const from = sources([`http://${silent}/slow`, `http://${host}/tiny`]);
    const ended = new Promise<void>((resolve) => void from.refresh(resolve));
    await ended;
    expect([await readdir(from.directory), from.isReading, from.failures]).toEqual([['tiny'], true, []]);
    from.close();
  });

  it('may not give the same model, and the first one does, whichever is faster', async () => {
    const host = await serve(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return files()(request, response);
    });
    const from = sources([`http://${host}/tiny`, pathToFileURL(join(remote, 'tiny')).href]);
    expect(await from.refresh()).toEqual([
      'The model "tiny": comes from two sources. Name each model once in MODELS_SOURCE, or models.source in config/config.yaml.',
    ]);
    expect(await readdir(from.directory)).toEqual(['tiny']);
  });
});

it('What an earlier configuration named does not serve on', async () => {
  const cache = join(folder, 'changed');
  await writeTinyBundle(remote, { name: 'other' });
  const urls = ['tiny', 'other'].map((name) => pathToFileURL(join(remote, name)).href);
  await expectTiny(sources([urls[0]], { cache }));
  const other = sources([urls[1]], { cache });
  expect(await other.refresh()).toEqual([]);
  expect(await readdir(other.directory)).toEqual(['other']);
  await rm(join(remote, 'other'), { recursive: true });
});

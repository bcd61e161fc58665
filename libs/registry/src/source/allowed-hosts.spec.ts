import type { IncomingMessage } from 'node:http';
import { expectTiny, files, serve, sources } from './testing/remote-models.js';

describe('Nothing is asked', () => {
  it('of a host that is not configured', async () => {
    const seen: string[] = [];
    const host = await serve(files('', seen));
    for (const allowedHosts of [[], ['example.org'], ['127.0.0.1:1'], ['*.0.0.1.example']]) {
      const failures = [
        ...(await sources([`http://${host}/tiny`], { allowedHosts }).refresh()),
        ...(await sources(['s3://bucket/tiny'], { allowedHosts, s3Endpoint: `http://${host}` }).refresh()),
        ...(await sources(['mlflow://a@b'], { allowedHosts, mlflowUri: `http://${host}` }).refresh()),
      ];
      expect(failures).toEqual(
        Array(3).fill(
          `${host}: is not an allowed host for models. Add it to models.allowedHosts (MODELS_ALLOWED_HOSTS).`,
        ),
      );
    }
    expect(seen).toEqual([]);
  });

  it('of one that another leads to, and credentials go no further', async () => {
    const asked: IncomingMessage[] = [];
    const other = await serve((request, response) => {
      asked.push(request);
      return files()(request, response);
    });
    const host = await serve(
      ({ url }, response) => void response.writeHead(302, { location: `http://${other}${url}` }).end(),
    );
    const url = `http://user:hidden@${host}/tiny`;
    expect(await sources([url], { allowedHosts: [host] }).refresh()).toEqual([
      expect.stringContaining(`${other}: is not an allowed host for models`),
    ]);
    expect(asked).toEqual([]);
    await expectTiny(sources([url], { allowedHosts: [host, other] }));
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(asked.map(() => undefined));
  });

  it.each([
    ['ftp://host/tiny', 'ftp://host/tiny: is not file://, s3://, http://, https:// or mlflow://'],
    ['tiny', 'The source: is not a URL'],
    ['http://127.0.0.1/', 'http://127.0.0.1/: names no model'],
    ['mlflow://user:hidden@host/name', 'The source: is not mlflow://name@alias or mlflow://name/version'],
    ['mlflow://%zz@champion', 'The source: has "%zz" in it, which is not percent-encoded'],
    ['mlflow://%C3%A9@champion', 'The source: names the registered model "é", which has no letter'],
    ['http://127.0.0.1/..%2Fvictim', 'names the model "../victim"; use letters, digits'],
    ['mlflow://tiny@champion', 'mlflow://tiny: needs an MLflow server, and none is set'],
  ])('for %s', async (url, failure) => {
    const [message] = await sources([url]).refresh();
    expect(message).toContain(failure);
    expect(message).not.toContain('hidden');
  });
});

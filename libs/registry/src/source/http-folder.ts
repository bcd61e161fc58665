import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { BundleError } from '#bundle';
import type { Reach } from './allowed-hosts.js';
import { broken, type RemoteFolder } from './remote-folder.js';
import { shown } from './source-url.js';

const ANSWER_MILLISECONDS = 30_000;
const MAX_REDIRECTS = 5;

function basicAuthorization({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/**
 * Gets a URL from an allowed host, and follows redirects only to allowed hosts. The URL's credentials are sent only to
 * its own origin.
 *
 * @param absent the status codes that mean "not found"
 * @returns `undefined` for one of them
 * @throws BundleError when the host is not allowed, does not respond, or responds with an error
 */
export async function get(
  start: URL,
  { hosts, signal }: Reach,
  absent: readonly number[] = [404],
): Promise<Response | undefined> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    hosts.check(url.host);
    const plain = new URL(url);
    plain.username = plain.password = '';
    const headers = url.origin === start.origin ? basicAuthorization(start) : {};
    const patience = new AbortController();
    const timer = setTimeout(
      () => patience.abort(new Error(`no answer in ${ANSWER_MILLISECONDS} ms`)),
      ANSWER_MILLISECONDS,
    );
    const response = await fetch(plain, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, patience.signal]),
    })
      .catch((error: unknown) => {
        throw broken(shown(url), error);
      })
      .finally(() => clearTimeout(timer));
    if (response.ok) return response;
    await response.body?.cancel();
    if (absent.includes(response.status)) return undefined;
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) {
      throw new BundleError(
        shown(url),
        `was answered with ${response.status}`,
        'Check the host, and the credentials in the URL',
      );
    }
    url = new URL(location, url);
    if (!/^https?:$/.test(url.protocol))
      throw new BundleError(shown(start), `redirects to ${url.protocol}`, 'Use the final address as the source');
  }
  throw new BundleError(
    shown(start),
    `redirects more than ${MAX_REDIRECTS} times`,
    'Use the final address as the source',
  );
}

/** A folder on a web server. */
export class HttpFolder implements RemoteFolder {
  constructor(
    private readonly url: URL,
    private readonly reach: Reach,
  ) {}

  locate(path: string): string {
    return shown(this.urlOf(path));
  }

  async read(path: string): Promise<Readable | undefined> {
    const response = await get(this.urlOf(path), this.reach);
    return response && Readable.fromWeb(response.body as ReadableStream);
  }

  /** A subfolder. @param path empty for the folder itself */
  below(path: string): HttpFolder {
    return path ? new HttpFolder(this.urlOf(path), this.reach) : this;
  }

  private urlOf(path: string): URL {
    const url = new URL(this.url);
    // Names are encoded, so that they contain neither a query nor a path out of the folder.
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
    return url;
  }
}

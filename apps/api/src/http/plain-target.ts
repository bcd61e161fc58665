/** Absolute targets, doubled slashes, and characters that Express treats differently. */
const ODD = /^(?!\/)|\/\/|[#\s]/;
/** Express would drop some of them. */
const BLANK = /\s/g;
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?]*/i;

/**
 * Rewrites the target of a request as a path with single slashes and its query, so that all readers, Express or not,
 * see the same. It uses no URL parser, because those throw on some hosts.
 */
export function plainTarget(url: string): string {
  if (!ODD.test(url)) return url;
  const [target] = url.replace(BLANK, encodeURIComponent).split('#', 1);
  const [path, ...query] = target.replace(ORIGIN, '').split('?');
  const rooted = path === '*' ? path : `/${path}`.replace(/\/{2,}/g, '/');
  return [rooted, ...query].join('?');
}

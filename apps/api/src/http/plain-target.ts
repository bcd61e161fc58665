/** Absolute targets, doubled slashes, and what Express reads in a way of its own. */
const ODD = /^(?!\/)|\/\/|[#\s]/;
/** Express would leave some of them out. */
const BLANK = /\s/g;
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?]*/i;

/**
 * Rewrites the target of a request as a path with single slashes and its query, so that all who read it, by Express or not,
 * read the same. It is taken apart without a parser, for those throw at hosts that they do not like.
 */
export function plainTarget(url: string): string {
  if (!ODD.test(url)) return url;
  const [target] = url.replace(BLANK, encodeURIComponent).split('#', 1);
  const [path, ...query] = target.replace(ORIGIN, '').split('?');
  const rooted = path === '*' ? path : `/${path}`.replace(/\/{2,}/g, '/');
  return [rooted, ...query].join('?');
}

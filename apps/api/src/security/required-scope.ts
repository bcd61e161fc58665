import type { Scope } from './scopes.js';

/** Probes, which orchestrators ask without a key, and what tells people how to use the rest. */
const OPEN = [
  /^\/$/,
  /^\/health(\/(live|ready|startup))?$/,
  /^\/(ping|version)$/,
  /^\/v2\/health\/(live|ready)$/,
  /^\/v2\/models\/[^/]+(\/versions\/[^/]+)?\/ready$/,
  /^\/(docs|redoc)(\/[\w.-]*)?$/,
  /^\/openapi\.(json|yaml)$/,
];
const ADMIN = /^\/v2\/repository\/models\//;
/** A listing, although the protocol wants it posted. */
const POSTED_READ = /^\/v2\/repository\/index\/?$/;

/**
 * The scope that a request takes, by its method and path; `undefined` where anybody may ask. What is not known here
 * takes one: a new route is closed until it is opened.
 */
export function requiredScope(method: string, path: string): Scope | undefined {
  // The router takes letters of either case.
  const lower = path.toLowerCase();
  if (ADMIN.test(lower)) return 'admin';
  if (method === 'GET' || method === 'HEAD') return OPEN.some((open) => open.test(path)) ? undefined : 'read';
  if (method === 'OPTIONS') return undefined;
  return POSTED_READ.test(lower) ? 'read' : 'predict';
}

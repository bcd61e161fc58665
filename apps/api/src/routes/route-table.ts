import { METHODS } from 'node:http';
import type { ErrorFormat } from '../problem/error-format.js';
import type { RequiredScope } from './scope.js';

/** A route and its properties. */
export interface Route {
  /** In capitals; GET includes HEAD. */
  readonly method: string;
  /** Its pattern, such as `/models/:model`. */
  readonly path: string;
  readonly scope: RequiredScope;
  /** Absent: problem documents. */
  readonly errors?: ErrorFormat;
  readonly isProbe?: boolean;
  /** Accepts HTTP Basic too. */
  readonly isForBrowsers?: boolean;
  readonly isBodyFirst?: boolean;
}

/** Properties of unknown paths below a path. */
export interface Area {
  readonly path: string;
  readonly scope?: RequiredScope;
  readonly errors?: ErrorFormat;
}

/** A path whose routes the settings leave out. */
export interface ClosedPath {
  /** Its pattern, such as `/models/:model/rollout`. */
  readonly path: string;
  readonly errors?: ErrorFormat;
  /** Why it is closed, and how to open it: a sentence for the caller. */
  readonly reason: string;
}

/** Properties of a request, by its method and path. */
export interface RouteFacts {
  /** The pattern of the first route with this path; absent if there is none. */
  readonly path?: string;
  readonly scope: RequiredScope;
  readonly errors?: ErrorFormat;
  readonly isProbe: boolean;
  readonly isForBrowsers?: boolean;
  /** The methods that the path accepts, if not that of the request. */
  readonly allowed: readonly string[];
  /** Why the settings leave out the routes of this path. */
  readonly closed?: string;
}

interface Entry {
  readonly segments: readonly string[];
  readonly method: string;
  readonly facts: RouteFacts & { readonly path: string };
}

/** A route consists of plain segments and `:parameters`. */
const SEGMENT = /^(?::\w+|[\w.-]+)$/;
const NONE: readonly string[] = [];

/** The segments of a path; letter case and doubled or trailing slashes are ignored. */
function segmentsOf(path: string): string[] {
  return path.toLowerCase().split('/').filter(Boolean);
}

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.every((part, i) => part === segments[i] || (part[0] === ':' && i < segments.length));

/**
 * The properties of every route: read once, and used by all code that needs them before or after Nest routes the
 * request. Of several routes with the same path the first one added matches, as in Express. Unknown paths require a
 * key, so that callers without one cannot discover routes.
 */
export class RouteTable {
  private readonly entries: Entry[] = [];
  private readonly areas: { readonly segments: readonly string[]; readonly area: Area }[] = [];
  private readonly closed: (ClosedPath & { readonly segments: readonly string[] })[] = [];
  /** By path without parameters, then by method. */
  private exact?: ReadonlyMap<string, ReadonlyMap<string, RouteFacts>>;

  /** @throws Error if a path contains anything but plain segments and `:parameters` */
  add(routes: readonly Route[], areas: readonly Area[] = []): this {
    for (const { method, ...route } of routes) {
      const parts = route.path.split('/').filter(Boolean);
      const odd = parts.find((part) => !SEGMENT.test(part));
      if (odd !== undefined) {
        throw new Error(`${method} ${route.path}: "${odd}" must be a plain segment or a :parameter`);
      }
      this.entries.push({
        segments: parts.map((part) => (part[0] === ':' ? part : part.toLowerCase())),
        method,
        facts: { isProbe: false, ...route, allowed: NONE },
      });
    }
    for (const area of areas) this.areas.push({ segments: segmentsOf(area.path), area });
    this.areas.sort((one, other) => other.segments.length - one.segments.length);
    this.exact = undefined;
    return this;
  }

  /** Paths that would have routes with other settings: whoever asks there learns why not. */
  close(paths: readonly ClosedPath[]): this {
    for (const closed of paths) this.closed.push({ ...closed, segments: segmentsOf(closed.path) });
    return this;
  }

  /** @param path as sent, without the query */
  match(method: string, path: string): RouteFacts {
    this.exact ??= this.tabulate();
    const facts = this.exact.get(path)?.get(method);
    if (facts) return facts;
    const segments = segmentsOf(path);
    return this.exact.get(`/${segments.join('/')}`)?.get(method) ?? this.search(method, segments);
  }

  private tabulate(): Map<string, Map<string, RouteFacts>> {
    const plain = this.entries.filter(({ segments }) => segments.every((part) => part[0] !== ':'));
    return new Map(
      plain.map(({ segments }) => [
        `/${segments.join('/')}`,
        new Map(METHODS.map((method) => [method, this.search(method, segments)])),
      ]),
    );
  }

  private search(method: string, segments: readonly string[]): RouteFacts {
    const answered = method === 'HEAD' ? 'GET' : method;
    const own = this.entries.find(
      (entry) =>
        entry.method === answered && entry.segments.length === segments.length && fits(entry.segments, segments),
    );
    return own?.facts ?? this.unanswered(method, segments);
  }

  private unanswered(method: string, segments: readonly string[]): RouteFacts {
    const others = this.entries
      .filter((entry) => entry.segments.length === segments.length && fits(entry.segments, segments))
      .map((entry) => ({ method: entry.method, ...entry.facts }));
    const closed = this.closed.find((one) => one.segments.length === segments.length && fits(one.segments, segments));
    const areas = this.areas.filter((area) => fits(area.segments, segments)).map(({ area }) => area);
    const isAdmin = [...others, ...areas].some(({ scope }) => scope === 'admin');
    const methods = new Set(others.flatMap((other) => (other.method === 'GET' ? ['GET', 'HEAD'] : [other.method])));
    return {
      path: others[0]?.path,
      scope: isAdmin ? 'admin' : closedScope(method),
      errors: [...others, ...(closed ? [closed] : []), ...areas].find(({ errors }) => errors)?.errors,
      isProbe: false,
      allowed: methods.size === 0 ? NONE : [...methods, 'OPTIONS'],
      ...(closed && others.length === 0 && { closed: closed.reason }),
    };
  }
}

function closedScope(method: string): RequiredScope {
  if (method === 'OPTIONS') return 'open';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'predict';
}

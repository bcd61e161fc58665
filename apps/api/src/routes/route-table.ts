import { METHODS } from 'node:http';
import type { ErrorFormat } from '../problem/error-format.js';
import type { RequiredScope } from './scope.js';

/** A route, and what is true of it. */
export interface Route {
  /** In capitals; GET answers HEAD as well. */
  readonly method: string;
  /** Its pattern, such as `/models/:model`. */
  readonly path: string;
  readonly scope: RequiredScope;
  /** Absent: problem documents. */
  readonly errors?: ErrorFormat;
  readonly isProbe?: boolean;
  /** Takes HTTP Basic, too. */
  readonly isForBrowsers?: boolean;
  readonly isBodyFirst?: boolean;
}

/** What holds below a path where no route is. */
export interface Area {
  readonly path: string;
  readonly scope?: RequiredScope;
  readonly errors?: ErrorFormat;
}

/** What is true of a request, by its method and path. */
export interface RouteFacts {
  /** The pattern of the first route with this path; absent where there is none. */
  readonly path?: string;
  readonly scope: RequiredScope;
  readonly errors?: ErrorFormat;
  readonly isProbe: boolean;
  readonly isForBrowsers?: boolean;
  /** The methods that the path answers in place of the one that was asked. */
  readonly allowed: readonly string[];
}

interface Entry {
  readonly segments: readonly string[];
  readonly method: string;
  readonly facts: RouteFacts & { readonly path: string };
}

/** A route may hold plain segments and `:parameters`. */
const SEGMENT = /^(?::\w+|[\w.-]+)$/;
const NONE: readonly string[] = [];

/**
 * The parts of a path, in which neither letters' case nor doubled or trailing slashes count.
 */
function segmentsOf(path: string): string[] {
  return path.toLowerCase().split('/').filter(Boolean);
}

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.every((part, i) => part === segments[i] || (part[0] === ':' && i < segments.length));

/**
 * What is true of every route: read once, asked by all that must know before or after Nest finds the route. Of several
 * routes with a path the first that was added answers, as in Express. What is not known here takes a key, so that
 * without one nobody learns what there is.
 */
export class RouteTable {
  private readonly entries: Entry[] = [];
  private readonly areas: { readonly segments: readonly string[]; readonly area: Area }[] = [];
  /** By path without parameters, then by method. */
  private exact?: ReadonlyMap<string, ReadonlyMap<string, RouteFacts>>;

  /** @throws Error when a path holds anything but plain segments and `:parameters` */
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

  /** @param path as it was sent, without the query */
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
    const areas = this.areas.filter((area) => fits(area.segments, segments)).map(({ area }) => area);
    const isAdmin = [...others, ...areas].some(({ scope }) => scope === 'admin');
    const methods = new Set(others.flatMap((other) => (other.method === 'GET' ? ['GET', 'HEAD'] : [other.method])));
    return {
      path: others[0]?.path,
      scope: isAdmin ? 'admin' : closedScope(method),
      errors: [...others, ...areas].find(({ errors }) => errors)?.errors,
      isProbe: false,
      allowed: methods.size === 0 ? NONE : [...methods, 'OPTIONS'],
    };
  }
}

function closedScope(method: string): RequiredScope {
  if (method === 'OPTIONS') return 'open';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'predict';
}

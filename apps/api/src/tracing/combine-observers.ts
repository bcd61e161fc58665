import type { InferenceObserver } from '#runtime';

/** One observer that tells all of those that there are; none when there is none. */
export function combineObservers(...all: readonly (InferenceObserver | undefined)[]): InferenceObserver | undefined {
  const observers = all.filter((observer) => observer !== undefined);
  if (observers.length < 2) return observers[0];
  const scoring = observers.filter((observer) => 'scored' in observer);
  return {
    ...(scoring.length > 0 && { scored: (...args) => scoring.forEach((observer) => observer.scored!(...args)) }),
    mark: observers.find(({ mark }) => mark)?.mark,
    validated: (...args) => observers.forEach((observer) => observer.validated(...args)),
    ran: (...args) => observers.forEach((observer) => observer.ran(...args)),
    pending: (...args) => observers.forEach((observer) => observer.pending(...args)),
    loaded: (...args) => observers.forEach((observer) => observer.loaded(...args)),
    opened: (...args) => observers.forEach((observer) => observer.opened?.(...args)),
    closed: (...args) => observers.forEach((observer) => observer.closed?.(...args)),
    unknown: (...args) => observers.forEach((observer) => observer.unknown(...args)),
  };
}

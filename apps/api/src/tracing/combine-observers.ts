import type { InferenceObserver } from '#runtime';

/** One observer that tells all of those that there are; none when there is none. */
export function combineObservers(...all: readonly (InferenceObserver | undefined)[]): InferenceObserver | undefined {
  const observers = all.filter((observer) => observer !== undefined);
  if (observers.length < 2) return observers[0];
  return {
    mark: observers.find(({ mark }) => mark)?.mark,
    validated: (...args) => observers.forEach((observer) => observer.validated(...args)),
    ran: (...args) => observers.forEach((observer) => observer.ran(...args)),
    pending: (...args) => observers.forEach((observer) => observer.pending(...args)),
    loaded: (...args) => observers.forEach((observer) => observer.loaded(...args)),
    unknown: (...args) => observers.forEach((observer) => observer.unknown(...args)),
  };
}

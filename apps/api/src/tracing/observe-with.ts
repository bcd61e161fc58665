import type { InferenceObserver } from '#runtime';

/** One observer that tells all of those that there are; none when there is none. */
export function observeWith(...all: readonly (InferenceObserver | undefined)[]): InferenceObserver | undefined {
  const observers = all.filter((observer) => observer !== undefined);
  if (observers.length < 2) return observers[0];
  return {
    mark: observers.find(({ mark }) => mark)?.mark,
    validated: (...told) => observers.forEach((observer) => observer.validated(...told)),
    ran: (...told) => observers.forEach((observer) => observer.ran(...told)),
    pending: (...told) => observers.forEach((observer) => observer.pending(...told)),
    loaded: (...told) => observers.forEach((observer) => observer.loaded(...told)),
  };
}

import { type InferenceObserver, UNOBSERVED } from '#runtime';

/** The observers that implement a method. */
const listening = (observers: readonly InferenceObserver[], method: keyof InferenceObserver): InferenceObserver[] =>
  observers.filter((observer) => method in observer && observer[method] !== UNOBSERVED[method]);

/** One observer that notifies all given ones; `undefined` if there are none. */
export function combineObservers(...all: readonly (InferenceObserver | undefined)[]): InferenceObserver | undefined {
  const observers = all.filter((observer) => observer !== undefined);
  if (observers.length < 2) return observers[0];
  const [scoring, validating, running, pending] = (['scored', 'validated', 'ran', 'pending'] as const).map((method) =>
    listening(observers, method),
  );
  return {
    ...(scoring.length > 0 && {
      scored: (model, answered) => {
        for (const observer of scoring) observer.scored!(model, answered);
      },
    }),
    mark: observers.find(({ mark }) => mark)?.mark,
    validated: (milliseconds) => {
      for (const observer of validating) observer.validated(milliseconds);
    },
    ran: (model, rows, features, inference, marks) => {
      for (const observer of running) observer.ran(model, rows, features, inference, marks);
    },
    pending: (rows) => {
      for (const observer of pending) observer.pending(rows);
    },
    loaded: (...args) => observers.forEach((observer) => observer.loaded(...args)),
    opened: (...args) => observers.forEach((observer) => observer.opened?.(...args)),
    closed: (...args) => observers.forEach((observer) => observer.closed?.(...args)),
    unknown: (...args) => observers.forEach((observer) => observer.unknown(...args)),
  };
}

import { Inject, Injectable } from '@nestjs/common';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { WholeBody } from '../http/whole-body.js';
import type { ApiRequest } from '../http/http.types.js';
import { externalIdOf } from './external-id.js';
import type { Include } from './include/include.js';
import type { InputContract } from './input-contract.js';
import { predictionBody } from './prediction-body.js';
import type { PredictionLease } from './prediction-lease.js';
import { PredictionService } from './prediction.service.js';
import { readInstance, type ReadRow } from './read-instance.js';

type Soon<T> = T | Promise<T>;

/** Continues with a value, at once or when its promise resolves. */
const then = <T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Reads the body of a single prediction and answers it, or reports all its faults. */
@Injectable()
export class SingleExchange {
  constructor(
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  /**
   * Synchronous, except for large bodies, which are read in several turns of the event loop, and asynchronous models.
   *
   * @param lease is released with the answer
   * @throws Problem with the faults of the body
   */
  answer(request: Pick<ApiRequest, 'body' | 'headers'>, lease: PredictionLease, include: Include): Soon<WholeBody> {
    let answer: Soon<WholeBody>;
    try {
      answer = then(this.read(request.body, lease.contract), ({ values, externalId }) => {
        const name = externalIdOf(request, externalId);
        return then(this.predictions.predict(lease.model, values, include, name), predictionBody);
      });
    } catch (error) {
      lease.release();
      throw error;
    }
    if (answer instanceof Promise) return answer.finally(() => lease.release());
    lease.release();
    return answer;
  }

  private read(body: Buffer, contract: InputContract): Soon<ReadRow> {
    const started = performance.now();
    const checked = (row: ReadRow): ReadRow => {
      this.observer.validated(performance.now() - started);
      return row;
    };
    return then(readInstance(body, contract), checked);
  }
}

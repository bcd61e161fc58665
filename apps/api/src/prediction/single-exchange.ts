import { Inject, Injectable } from '@nestjs/common';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { ApiRequest } from '../http/http.types.js';
import type { WholeBody } from '../http/whole-body.js';
import { externalIdOf } from './external-id.js';
import type { Include } from './include/include.js';
import type { InputContract } from './input-contract.js';
import { predictionBody } from './prediction-body.js';
import type { PredictionLease } from './prediction-lease.js';
import { PredictionService } from './prediction.service.js';
import { readInstance, type ReadRow } from './read-instance.js';

type Soon<T> = T | Promise<T>;

/** Goes on with a value that is there, or once it is. */
const then = <T, R>(value: Soon<T>, next: (value: T) => Soon<R>): Soon<R> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Reads the body of a single prediction, or says all that is wrong with it, and answers it. */
@Injectable()
export class SingleExchange {
  constructor(
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
  ) {}

  /**
   * At once, but for a body so large that it is read in turns, and a model that answers later.
   *
   * @param lease ends with the answer
   * @throws Problem with what is wrong with the body
   */
  answer(request: ApiRequest, lease: PredictionLease, include: Include): Soon<WholeBody> {
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

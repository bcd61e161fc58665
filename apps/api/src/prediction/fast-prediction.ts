import type { ModelRegistry } from '#registry';
import type { Admission } from '../http/admission.js';
import type { FastAnswer } from '../http/fast-path/fast-connection.js';
import { isLarge } from '../http/json/read-json.js';
import { type Answered, contextHeaders, type RequestObserver } from '../http/request-context.js';
import { requestIdOf } from '../http/request-id.js';
import { routingKey } from '../http/routed.js';
import type { WholeBody } from '../http/whole-body.js';
import { readTraceparent } from '../http/traceparent.js';
import type { RouteTable } from '../routes/route-table.js';
import { assertScope, type Authenticator } from '../security/authenticator.js';
import { NOTHING } from './include/include.js';
import type { InputContract } from './input-contract.js';
import type { PredictionLease } from './prediction-lease.js';
import type { SingleExchange } from './single-exchange.js';

/** What a single prediction takes. */
export interface FastPredictionParts {
  readonly path: string;
  readonly routes: RouteTable;
  readonly bodyLimitBytes: number;
  readonly singles: SingleExchange;
  readonly registry: ModelRegistry<InputContract>;
  readonly admission: Admission;
  /** Of keys alone: tokens are verified in several turns of the event loop. */
  readonly authenticator: Authenticator | null;
  readonly observers: readonly RequestObserver[];
}

const ignore = (): void => undefined;

/** The ordinary route of single predictions, for plain requests that end in a prediction by the default model's kernel. */
export function fastPrediction({
  path,
  routes,
  bodyLimitBytes,
  singles,
  registry,
  admission,
  authenticator,
  observers,
}: FastPredictionParts): FastAnswer {
  const leaseFor = (request: Parameters<typeof routingKey>[1]): PredictionLease | undefined => {
    const lease = registry.leaseServed(undefined, undefined, routingKey(registry, request));
    if (lease.model.choice.engine === 'kernel') return lease;
    lease.release();
    return undefined;
  };
  return (headers, body, response) => {
    if (isLarge(body) || body.length > bodyLimitBytes || admission.refusalOf(body)) return undefined;
    const started = performance.now();
    const id = requestIdOf(headers['x-request-id']);
    let answer: WholeBody | Promise<WholeBody>;
    let caller: string | undefined;
    let lease: PredictionLease | undefined;
    try {
      if (authenticator) {
        const { authorization, 'x-api-key': apiKey } = headers;
        const known = authenticator.authenticate({ authorization, apiKey });
        if (known instanceof Promise) {
          known.catch(ignore);
          return undefined;
        }
        assertScope(known, 'predict');
        caller = known.id;
      }
      lease = leaseFor({ id, headers });
      if (!lease) return undefined;
      answer = singles.answer({ body, headers }, lease, NOTHING);
    } catch {
      return undefined;
    }
    if (answer instanceof Promise) {
      answer.catch(ignore);
      return undefined;
    }
    for (const observer of observers) observer.began?.();
    const trace = readTraceparent(headers.traceparent);
    response.contextHeaders = contextHeaders(id, trace);
    answer.send(response, 200);
    const { arm } = lease;
    return () => {
      const facts = routes.match('POST', path);
      const answered: Answered = {
        requestId: id,
        traceId: trace?.traceId,
        caller,
        method: 'POST',
        path,
        route: facts.path,
        isProbe: facts.isProbe,
        status: 200,
        arm,
        problem: undefined,
        milliseconds: performance.now() - started,
        aborted: false,
      };
      for (const observer of observers) observer.ended(answered);
    };
  };
}

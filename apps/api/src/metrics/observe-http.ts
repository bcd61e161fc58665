import type { NestExpressApplication } from '@nestjs/platform-express';
import { type ClientError, clientProblem } from '../http/client-error.js';
import type { RequestObserver } from '../http/request-context.js';
import type { HttpMetrics } from './http.metrics.js';

/** Lets the metrics observe every request, including those that Node could not parse. */
export function observeHttp(metrics: HttpMetrics, app: NestExpressApplication): RequestObserver {
  app.getHttpServer().on('clientError', (error: ClientError) => {
    if (error.code !== 'ECONNRESET') metrics.reject(clientProblem(error).type);
  });
  return metrics;
}

import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { FeatureOverflowError, ModelFailureError } from '#bundle';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';
import type { ApiRequest, ApiResponse } from './http.types.js';
import { domainProblem } from '../problem/domain-problem.js';
import { featureOverflow } from '../problem/feature-overflow.js';
import { Problem } from '../problem/problem.js';

/**
 * Answers every error as a problem document, or in the format of the route's protocol. Only unexpected errors are
 * logged, and internal details are never shown.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const response = host.switchToHttp().getResponse<ApiResponse>();
    if (response.headersSent) {
      this.logger.error(error);
      response.destroy();
      return;
    }
    if (isHealthResult(error)) {
      response.status(error.getStatus()).json(error.getResponse());
      return;
    }
    const problem = this.toProblem(error, request);
    request.problem = problem.type;
    response.set(problem.headers);
    const { errors } = request.facts;
    if (errors) {
      response.status(errors.status(problem)).type('json').json(errors.body(problem));
      return;
    }
    const document = problem.toDocument({ instance: request.path, request_id: request.id });
    response.status(problem.status).set('Content-Type', 'application/problem+json; charset=utf-8');
    response.end(JSON.stringify(document));
  }

  private toProblem(error: unknown, request: ApiRequest): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof FeatureOverflowError) return featureOverflow(error, () => '');
    if (error instanceof ModelFailureError) this.logger.error(error);
    const problem = domainProblem(error);
    if (problem) return problem;
    if (error instanceof InvalidTensorError) return new Problem('invalid-input', error.message);
    if (error instanceof HttpException && error.getStatus() === 404) {
      const { closed = `There is no endpoint at ${request.path}; GET / lists the endpoints.` } = request.facts;
      return new Problem('not-found', closed);
    }
    if (error instanceof HttpException && error.getStatus() === 412) {
      return new Problem('precondition-failed', 'Send the request without If-Match and If-Unmodified-Since.');
    }
    if (error instanceof HttpException && error.getStatus() === 416) {
      return new Problem(
        'range-not-satisfiable',
        'Content-Range gives the size of the file; request a range within it.',
      );
    }
    if (error instanceof HttpException && error.getStatus() < 500) {
      return new Problem('bad-request', `${error.message}; a path is percent-encoded UTF-8.`);
    }
    this.logger.error(error);
    return new Problem('internal-error', `Report this with the request id ${request.id}.`);
  }
}

/** Terminus answers a failed check in its own format, which users of the probes expect. */
function isHealthResult(error: unknown): error is HttpException {
  return error instanceof HttpException && typeof (error.getResponse() as { details?: unknown }).details === 'object';
}

import type { ErrorFormat } from '../problem/error-format.js';
import type { Problem } from '../problem/problem.js';

/** Maximum number of faults in one message; MLflow's body has no list for them. */
const MAX_SHOWN = 10;

/** MLflow's names of errors, by status (mlflow/protos/databricks.proto); any other status is a bad request. */
const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'ENDPOINT_NOT_FOUND',
  429: 'REQUEST_LIMIT_EXCEEDED',
  500: 'INTERNAL_ERROR',
  503: 'TEMPORARILY_UNAVAILABLE',
};

/** The faults in words, up to the maximum. */
function messageOf({ detail, extension: { errors, errors_total } }: Problem): string {
  if (!errors) return detail;
  const shown = errors
    .slice(0, MAX_SHOWN)
    .map(
      ({ path, expected, received }) =>
        `${path} must be ${expected}; received ${received === 'nothing' ? received : JSON.stringify(received)}`,
    );
  const rest = (errors_total ?? errors.length) - shown.length;
  return `${shown.join('. ')}.${rest > 0 ? ` ${rest} more.` : ''}`;
}

/** The error format of MLflow's scoring server: `error_code` and `message`; invalid input is 400. */
export const MLFLOW_ERRORS: ErrorFormat = {
  schema: 'MlflowError',
  status: ({ status }) => (status === 422 ? 400 : status),
  body: (problem) => ({ error_code: CODES[problem.status] ?? 'BAD_REQUEST', message: messageOf(problem) }),
};

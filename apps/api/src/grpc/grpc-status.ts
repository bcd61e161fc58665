import { Logger } from '@nestjs/common';
import {
  ModelFailureError,
  ModelNotFoundError,
  ModelNotReadyError,
  OverloadedError,
  VersionNotLoadedError,
} from '#bundle';
import { Problem } from '../problem/problem.js';
import { InvalidTensorError } from '../problem/invalid-tensor.error.js';

/** Codes of google.rpc.Code; @grpc/grpc-js has them too, but is loaded only once HTTP listens. */
export const GRPC_STATUS = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

const logger = new Logger('GrpcInference');

/** The status of each error of the data plane. */
const STATUSES = [
  [InvalidTensorError, GRPC_STATUS.INVALID_ARGUMENT],
  [ModelNotFoundError, GRPC_STATUS.NOT_FOUND],
  [ModelNotReadyError, GRPC_STATUS.UNAVAILABLE],
  [VersionNotLoadedError, GRPC_STATUS.FAILED_PRECONDITION],
  [OverloadedError, GRPC_STATUS.RESOURCE_EXHAUSTED],
] as const;

/** The status of refusals before the data plane, by their HTTP status. */
const REFUSALS: Readonly<Record<number, number | undefined>> = {
  401: GRPC_STATUS.UNAUTHENTICATED,
  403: GRPC_STATUS.PERMISSION_DENIED,
  409: GRPC_STATUS.FAILED_PRECONDITION,
  429: GRPC_STATUS.RESOURCE_EXHAUSTED,
  503: GRPC_STATUS.UNAVAILABLE,
};

export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
}

/** The status of an error. Unexpected errors are logged, and their details are not shown. */
export function toGrpcStatus(error: unknown): GrpcStatus {
  const known = STATUSES.find(([type]) => error instanceof type);
  if (known) return { code: known[1], details: (error as Error).message };
  const refused = error instanceof Problem && REFUSALS[error.status];
  if (refused) return { code: refused, details: error.detail };
  logger.error(error);
  if (error instanceof ModelFailureError) {
    return { code: GRPC_STATUS.INTERNAL, details: `${error.message}; the server's log says more` };
  }
  return {
    code: GRPC_STATUS.INTERNAL,
    details: "Internal error: the request is not at fault; the server's log says more",
  };
}

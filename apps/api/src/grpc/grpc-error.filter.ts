import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { toGrpcStatus } from './grpc-status.js';

/** Answers every error with a gRPC status. */
@Catch()
export class GrpcErrorFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => toGrpcStatus(error));
  }
}

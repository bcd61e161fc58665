import type { Metadata } from '@grpc/grpc-js';
import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { DataPlane, type ModelMetadata, type ServerMetadata } from '../inference-protocol/data-plane/data-plane.js';
import { randomId } from '../http/random-id.js';
import { Scoped } from '../routes/route-decorators.js';
import { CallArms } from './call-arms.js';
import { GrpcErrorFilter } from './grpc-error.filter.js';
import type { ModelInferResponse, ModelVersionRequest } from './messages.js';
import { readInferRequest } from './read-infer-request.js';
import { writeInferResponse } from './write-infer-response.js';

export const SERVICE = 'GRPCInferenceService';

/** In proto3 an absent text is empty. */
const given = (text: string): string | undefined => text || undefined;

/** The Open Inference Protocol v2 over gRPC. */
@Controller()
@UseFilters(GrpcErrorFilter)
export class GrpcInferenceController {
  constructor(
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(CallArms) private readonly arms: CallArms,
  ) {}

  @GrpcMethod(SERVICE)
  @Scoped('open')
  serverLive(): { live: boolean } {
    return { live: true };
  }

  @GrpcMethod(SERVICE)
  @Scoped('open')
  serverReady(): { ready: boolean } {
    return { ready: this.plane.isReady() };
  }

  @GrpcMethod(SERVICE)
  @Scoped('read')
  serverMetadata(): ServerMetadata {
    return this.plane.serverMetadata();
  }

  @GrpcMethod(SERVICE)
  @Scoped('open')
  modelReady({ name, version }: ModelVersionRequest): { ready: boolean } {
    return { ready: this.plane.isModelReady(name, given(version)) };
  }

  @GrpcMethod(SERVICE)
  @Scoped('read')
  modelMetadata({ name, version }: ModelVersionRequest): ModelMetadata {
    return this.plane.modelMetadata(name, given(version));
  }

  @GrpcMethod(SERVICE)
  @Scoped('predict')
  async modelInfer(message: Buffer, metadata: Metadata): Promise<ModelInferResponse> {
    const { modelName, modelVersion, id, isRaw, request } = readInferRequest(message);
    const key = this.plane.isRolling ? (request.routingKey ?? randomId()) : undefined;
    const lease = this.plane.lease(modelName, given(modelVersion), key);
    if (lease.arm) this.arms.keep(metadata, lease.arm);
    try {
      return writeInferResponse(await this.plane.infer(lease.model, request), id, isRaw);
    } finally {
      lease.release();
    }
  }

  @GrpcMethod(SERVICE)
  @Scoped('read')
  modelStatistics({ name, version }: ModelVersionRequest): { model_stats: object[] } {
    return { model_stats: this.plane.statistics(given(name), given(version)) };
  }

  @GrpcMethod(SERVICE)
  @Scoped('read')
  repositoryIndex({ ready }: { ready: boolean }): { models: readonly object[] } {
    return { models: this.plane.index(ready) };
  }
}

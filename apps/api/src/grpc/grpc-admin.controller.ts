import { Controller, Inject, UseFilters, UseGuards } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { DataPlane } from '../inference-protocol/data-plane/data-plane.js';
import { checkNoOverride } from '../inference-protocol/check-no-override.js';
import { OneWorkerGuard } from '../inference-protocol/one-worker.guard.js';
import { Scoped } from '../routes/route-decorators.js';
import { GrpcErrorFilter } from './grpc-error.filter.js';
import { SERVICE } from './grpc-inference.controller.js';
import type { RepositoryModelRequest } from './messages.js';

/** Calls that change which models serve, for administrators. */
@Controller()
@UseFilters(GrpcErrorFilter)
@UseGuards(OneWorkerGuard)
@Scoped('admin')
export class GrpcAdminController {
  constructor(@Inject(DataPlane) private readonly plane: DataPlane) {}

  @GrpcMethod(SERVICE)
  async repositoryModelLoad({ model_name: name, parameters }: RepositoryModelRequest): Promise<object> {
    checkNoOverride(parameters);
    await this.plane.load(name);
    return {};
  }

  @GrpcMethod(SERVICE)
  async repositoryModelUnload({ model_name: name }: RepositoryModelRequest): Promise<object> {
    await this.plane.unload(name);
    return {};
  }
}

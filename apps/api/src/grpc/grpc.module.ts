import { type DynamicModule, Module } from '@nestjs/common';
import { CallArms } from './call-arms.js';
import { CALL_SCOPES, callScopes } from './call-scopes.js';
import { GrpcAdminController } from './grpc-admin.controller.js';
import { GrpcInferenceController, SERVICE } from './grpc-inference.controller.js';
import { GrpcPort } from './grpc-port.js';

/** The gRPC side of the Open Inference Protocol; `startGrpc` opens its port. */
@Module({})
export class GrpcModule {
  /**
   * @param protocol the module that provides the data plane
   * @param adminCalls whether callers may load and unload models
   */
  static forRoot(protocol: DynamicModule, adminCalls: boolean): DynamicModule {
    return {
      module: GrpcModule,
      imports: [protocol],
      controllers: [GrpcInferenceController, ...(adminCalls ? [GrpcAdminController] : [])],
      providers: [
        CallArms,
        GrpcPort,
        {
          provide: CALL_SCOPES,
          useValue: callScopes(`inference.${SERVICE}`, [GrpcInferenceController, GrpcAdminController]),
        },
      ],
    };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';
import { DataPlane } from './data-plane/data-plane.js';
import { DATA_PLANE_OPTIONS, type DataPlaneOptions } from './data-plane/data-plane.options.js';
import { MODEL_CATALOG } from './data-plane/model-catalog.js';
import { RegistryCatalog } from './data-plane/registry-catalog.js';
import { InferenceController } from './rest/inference.controller.js';
import { RepositoryAdminController, RepositoryController } from './rest/repository.controller.js';
import { REST_OPTIONS, type RestOptions } from './rest/rest.options.js';

/** The Open Inference Protocol v2: the data plane and its REST transport. */
@Module({})
export class InferenceProtocolModule {
  static forRoot(options: DataPlaneOptions & RestOptions): DynamicModule {
    return {
      module: InferenceProtocolModule,
      controllers: [
        InferenceController,
        RepositoryController,
        ...(options.adminRoutes ? [RepositoryAdminController] : []),
      ],
      providers: [
        DataPlane,
        { provide: MODEL_CATALOG, useClass: RegistryCatalog },
        { provide: DATA_PLANE_OPTIONS, useValue: options },
        { provide: REST_OPTIONS, useValue: options },
      ],
      exports: [DataPlane],
    };
  }
}

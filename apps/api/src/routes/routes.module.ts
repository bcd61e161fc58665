import { type DynamicModule, Inject, Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { checkMounted, type ClosedRoutes, closedPaths, type MountedRoute, readRoutes } from './read-routes.js';
import { RouteTable } from './route-table.js';

/** Fills the {@link RouteTable} from the controllers, and stops the boot if a route is missing from it. */
@Module({})
export class RoutesModule implements OnModuleInit, OnApplicationBootstrap {
  /** @param closed controllers that the settings leave out */
  static forRoot(closed: readonly ClosedRoutes[]): DynamicModule {
    const table = new RouteTable().close(closedPaths(closed));
    return { module: RoutesModule, providers: [{ provide: RouteTable, useValue: table }], exports: [RouteTable] };
  }

  constructor(
    @Inject(RouteTable) private readonly table: RouteTable,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    readRoutes(this.modules, this.table);
  }

  onApplicationBootstrap(): void {
    const { mounted } = this.host.httpAdapter as unknown as { readonly mounted: readonly MountedRoute[] };
    checkMounted(mounted, this.table);
  }
}

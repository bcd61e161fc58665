import { All, Controller, Get, Module, Post, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { ErrorFormat } from '../problem/error-format.js';
import { bodyFirstPaths, checkMounted, readRoutes } from './read-routes.js';
import { BodyFirst, ErrorsAs, Probe, Scoped } from './route-decorators.js';
import { RouteTable } from './route-table.js';

const FORMAT: ErrorFormat = { schema: 'Own', status: ({ status }) => status, body: () => ({}) };

@Controller('models/:model')
@Scoped('read')
@ErrorsAs(FORMAT)
class ModelController {
  @Get()
  show(): void {}

  @Get(['ready', 'versions/:version/ready'])
  @Probe()
  ready(): void {}

  @Post(['predict', 'versions/:version/predict'])
  @BodyFirst(true)
  @Scoped('predict')
  predict(): void {}

  helper(): void {}
}

@Controller()
class ForgetfulController {
  @Get('open')
  @Scoped('open')
  open(): void {}

  @Post(['train', 'models/:model/train'])
  train(): void {}
}

@Controller('other')
@Scoped('read')
class AnyOther {
  @Get()
  show(): void {}
}

@Controller('any')
@Scoped('read')
class AnyController {
  @All()
  any(): void {}
}

async function withModules<T>(controller: Type, use: (modules: ModulesContainer) => T): Promise<T> {
  @Module({ controllers: [controller] })
  class TestModule {}
  const app = await NestFactory.createApplicationContext(TestModule, { logger: false });
  try {
    return use(app.get(ModulesContainer));
  } finally {
    await app.close();
  }
}

const tableOf = (controller: Type): Promise<RouteTable> =>
  withModules(controller, (modules) => {
    const table = new RouteTable();
    readRoutes(modules, table);
    return table;
  });

describe('readRoutes', () => {
  it("takes what a handler says, or else its controller, for each of the handler's paths", async () => {
    const table = await tableOf(ModelController);
    const known = { errors: FORMAT, allowed: [] };
    const read = { ...known, scope: 'read', isProbe: false };
    const open = { ...known, scope: 'open', isProbe: true };
    expect(table.match('GET', '/models/x')).toEqual({ ...read, path: '/models/:model' });
    expect(table.match('GET', '/models/x/ready')).toEqual({ ...open, path: '/models/:model/ready' });
    expect(table.match('GET', '/models/x/versions/1/ready')).toEqual({
      ...open,
      path: '/models/:model/versions/:version/ready',
    });
    expect(table.match('POST', '/models/x/predict')).toEqual({
      ...read,
      scope: 'predict',
      isBodyFirst: true,
      path: '/models/:model/predict',
    });
  });

  it('knows the paths whose body is read first', async () => {
    expect(await withModules(ModelController, bodyFirstPaths)).toEqual([
      '/models/:model/predict',
      '/models/:model/versions/:version/predict',
    ]);
    expect(await withModules(AnyOther, bodyFirstPaths)).toEqual([]);
  });

  it('lets errors below a controller read as its own, though no route is there', async () => {
    const table = await tableOf(ModelController);
    expect(table.match('GET', '/models/x/helper')).toEqual({
      path: undefined,
      scope: 'read',
      errors: FORMAT,
      isProbe: false,
      allowed: [],
    });
    expect(table.match('GET', '/models').errors).toBeUndefined();
  });

  it('refuses a route without a scope, by its name', async () => {
    await expect(tableOf(ForgetfulController)).rejects.toThrow(
      "ForgetfulController.train (POST /train) has no scope: write @Scoped('predict'), 'feedback', 'read', 'admin' or 'open' at it or at its controller",
    );
  });

  it('refuses a route of all methods, which would have one scope for reading and for changing', async () => {
    await expect(tableOf(AnyController)).rejects.toThrow(
      'AnyController.any (ALL /any) answers every method: write one decorator for each that it means',
    );
  });
});

describe('checkMounted', () => {
  const table = new RouteTable().add([{ method: 'GET', path: '/models/:model', scope: 'read' }]);

  it.each([
    ['GET /nothing', '/nothing', { get: true }],
    ['POST /models/:model', '/models/:model', { get: true, post: true }],
    ['_ALL /models/:model', '/models/:model', { _all: true }],
  ])('refuses %s, of which nothing is known', (named, path, methods) => {
    expect(() => checkMounted([{ path, methods }], table)).toThrow(
      `${named} is mounted without a scope: let its module add it to the RouteTable`,
    );
  });

  it('lets pass what is known', () => {
    expect(() => checkMounted([{ path: '/models/:model/', methods: { get: true } }], table)).not.toThrow();
  });
});

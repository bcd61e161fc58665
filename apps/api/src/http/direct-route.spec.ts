import {
  Body,
  type CanActivate,
  Controller,
  HttpCode,
  Module,
  Post,
  Query,
  Req,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ProblemFilter } from './problem.filter.js';
import { directRoute } from './direct-route.js';

type Asked = { readonly body: Buffer };

class Guard implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Controller('plain')
class PlainController {
  @Post()
  @HttpCode(202)
  echo(@Req() { body }: Asked): Promise<object> {
    return Promise.resolve({ text: body.toString() });
  }

  @Post('once')
  atOnce(@Req() { body }: Asked): object {
    return { text: body.toString() };
  }

  @Post('query')
  withQuery(@Req() { body }: Asked, @Query('loud') loud?: string): Promise<object> {
    return Promise.resolve({ text: body.toString(), loud });
  }

  @Post('two')
  two(@Req() { body }: Asked, @Body() parsed: unknown): Promise<object> {
    return Promise.resolve({ text: body.toString(), parsed });
  }

  @Post('body')
  ofBody(@Body() parsed: unknown): Promise<object> {
    return Promise.resolve({ parsed });
  }

  @Post('guarded')
  @UseGuards(Guard)
  guarded(@Req() { body }: Asked): Promise<object> {
    return Promise.resolve({ text: body.toString() });
  }
}

@UseInterceptors()
@Controller('intercepted')
class InterceptedController {
  @Post()
  echo(@Req() { body }: Asked): Promise<object> {
    return Promise.resolve({ text: body.toString() });
  }
}

@Module({
  controllers: [PlainController, InterceptedController],
  providers: [ProblemFilter],
})
class TestModule {}

@Module({ imports: [TestModule], providers: [{ provide: APP_GUARD, useClass: Guard }] })
class GuardedModule {}

const create = (module: new () => object) => NestFactory.createApplicationContext(module, { logger: false });

describe('directRoute', () => {
  it.each([
    ['of the request', 'echo', 202],
    ['that answers at once', 'atOnce', 201],
    ['whose request is followed by what is of the query, which is absent then', 'withQuery', 201],
  ] as const)('binds a method %s', async (_, name, status) => {
    const app = await create(TestModule);
    const handler = directRoute(app, PlainController, name, [])!;
    const written = await new Promise((resolve) => {
      const response = { sendWhole: (sent: number, _type: string, text: string) => resolve([sent, text]) };
      handler({ body: Buffer.from('hello') } as never, response as never);
    });
    expect(written).toEqual([status, '{"text":"hello"}']);
    await app.close();
  });

  it('leaves to Nest what has more arguments, a guard or an interceptor', async () => {
    const app = await create(TestModule);
    expect(directRoute(app, PlainController, 'two', [])).toBeUndefined();
    expect(directRoute(app, PlainController, 'ofBody', [])).toBeUndefined();
    expect(directRoute(app, PlainController, 'guarded', [])).toBeUndefined();
    expect(directRoute(app, InterceptedController, 'echo', [])).toBeUndefined();
    await app.close();
  });

  it('leaves everything to Nest when a guard stands before all routes', async () => {
    const app = await create(GuardedModule);
    expect(directRoute(app, PlainController, 'echo', [])).toBeUndefined();
    await app.close();
  });
});

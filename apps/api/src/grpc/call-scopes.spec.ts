import { Controller } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { Scoped } from '../routes/route-decorators.js';
import { callScopes } from './call-scopes.js';

@Controller()
@Scoped('read')
class GoodController {
  @GrpcMethod('Service')
  modelMetadata(): void {}

  @GrpcMethod('Service')
  @Scoped('open')
  serverLive(): void {}

  helper(): void {}
}

@Controller()
class ForgetfulController {
  @GrpcMethod('Service')
  modelInfer(): void {}
}

describe('callScopes', () => {
  it('takes what a call says, or else its controller, by the path of the call', () => {
    expect([...callScopes('package.Service', [GoodController])]).toEqual([
      ['/package.Service/ModelMetadata', 'read'],
      ['/package.Service/ServerLive', 'open'],
    ]);
  });

  it('refuses a call without a scope, by its name', () => {
    expect(() => callScopes('package.Service', [ForgetfulController])).toThrow(
      'ForgetfulController.modelInfer (/package.Service/ModelInfer) has no scope: write @Scoped',
    );
  });
});

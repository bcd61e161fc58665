import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheck, type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { ModelRegistry } from '#registry';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import type { ApiResponse } from '../http/http.types.js';
import { Probe } from '../routes/route-decorators.js';
import { HealthDto } from './health.dto.js';
import { ModelHealthIndicator } from './model.health.js';

@ApiTags('health')
@Controller('health')
@Probe()
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(ModelHealthIndicator) private readonly model: ModelHealthIndicator,
    @Inject(ModelRegistry) private readonly registry: ModelRegistry,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Summary of the health, in the format of the original service' })
  @ApiOkResponse({ type: HealthDto, description: 'The model serves' })
  @ApiServiceUnavailableResponse({ type: HealthDto, description: 'No model is loaded' })
  @ApiProblems()
  getHealth(@Res({ passthrough: true }) response: ApiResponse): HealthDto {
    const { state } = this.registry;
    const manifest = state.status === 'ready' ? state.model.manifest : undefined;
    const trained = manifest && 'metrics' in manifest ? manifest : undefined;
    const { isReady } = this.registry;
    if (!isReady) response.status(503);
    return {
      status: isReady ? 'healthy' : 'unhealthy',
      model_loaded: isReady,
      model_algorithm: trained?.algorithm ?? null,
      model_accuracy: trained?.metrics.test_accuracy ?? trained?.metrics.accuracy ?? null,
      timestamp: new Date().toISOString(),
    };
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Liveness: the process answers. Depends on nothing else, not even on draining' })
  @ApiOkResponse({ description: 'Yes', schema: { $ref: '#/components/schemas/HealthCheckResult' } })
  @ApiProblems()
  getLiveness(): HealthCheckResult {
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  @Get('ready')
  @HealthCheck({ swaggerDocumentation: false, noCache: true })
  @ApiOperation({ summary: 'Readiness: the model is loaded and proven, and the server is not draining' })
  @ApiOkResponse({ description: 'Yes', schema: { $ref: '#/components/schemas/HealthCheckResult' } })
  @ApiServiceUnavailableResponse({
    description: 'Not ready; details say why',
    schema: { $ref: '#/components/schemas/HealthCheckResult' },
  })
  @ApiProblems()
  getReadiness(): Promise<HealthCheckResult> {
    return this.health.check([() => this.model.isReady()]);
  }

  @Get('startup')
  @HealthCheck({ swaggerDocumentation: false, noCache: true })
  @ApiOperation({ summary: 'Startup: the first attempt to load the model has ended' })
  @ApiOkResponse({ description: 'Yes', schema: { $ref: '#/components/schemas/HealthCheckResult' } })
  @ApiServiceUnavailableResponse({
    description: 'Still starting',
    schema: { $ref: '#/components/schemas/HealthCheckResult' },
  })
  @ApiProblems()
  getStartup(): Promise<HealthCheckResult> {
    return this.health.check([() => this.model.hasStarted()]);
  }
}

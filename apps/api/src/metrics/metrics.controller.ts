import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import type { ApiResponse } from '../http/http.types.js';
import { Scoped } from '../routes/route-decorators.js';
import { Metrics } from './metrics.js';

@ApiTags('metrics')
@Controller('metrics')
@Scoped('read')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Metrics of all workers, for Prometheus' })
  @ApiOkResponse({
    description: 'Metrics in the text format 0.0.4',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  @ApiProblems()
  async getMetrics(@Res() response: ApiResponse): Promise<void> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE);
    response.end(text);
  }
}

import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { labelErrors } from '#monitoring';
import type { ApiRequest } from '../http/http.types.js';
import { readParts } from '../http/read-body.js';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import { Problem } from '../problem/problem.js';
import { Scoped } from '../routes/route-decorators.js';
import { FeedbackDto, LabelCountsDto } from './feedback.dto.js';
import { Monitor } from './monitor.js';
import { MONITORING_OPTIONS, type MonitoringOptions } from './monitoring.options.js';
import { feedbackReader } from './read-feedback.js';

/** Labels of predictions. */
@ApiTags('monitoring')
@Controller('feedback')
@Scoped('feedback')
export class FeedbackController {
  constructor(
    @Inject(Monitor) private readonly monitor: Monitor | null,
    @Inject(MONITORING_OPTIONS) private readonly options: MonitoringOptions,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Send the true labels of predictions: as JSON, or one per line as NDJSON or CSV' })
  @ApiConsumes('application/json', 'application/x-ndjson', 'text/csv')
  @ApiBody({ type: FeedbackDto })
  @ApiOkResponse({ type: LabelCountsDto, description: 'The outcome of the labels' })
  @ApiProblems(404, 413, 415, 422, 503)
  async sendFeedback(@Req() request: ApiRequest): Promise<LabelCountsDto> {
    const { monitor } = this;
    if (!monitor) {
      throw new Problem(
        'not-found',
        'Labels cannot be stored, because this server keeps no predictions: monitor.enabled (MONITOR_ENABLED) is false.',
      );
    }
    const read = feedbackReader(request.headers['content-type']);
    const { labels, linesOf } = await read(await readParts(request, this.options.bodyLimitBytes));
    const { counts, faults } = await monitor.takeLabels(labels).catch((error: Error) => {
      throw new Problem(
        'store-unavailable',
        `The store of predictions cannot be used (${error.message}); send the same labels again later.`,
        {},
        { 'Retry-After': '10' },
      );
    });
    return faults.length === 0 ? counts : { ...counts, errors: await labelErrors(faults, linesOf) };
  }
}

import { Controller, HttpCode, Inject, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelRegistry } from '#registry';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import type { ApiRequest } from '../http/http.types.js';
import { routed, routingKey } from '../http/routed.js';
import type { WholeBody } from '../http/whole-body.js';
import { BodyFirst, Scoped } from '../routes/route-decorators.js';
import { batchBody } from './batch-body.js';
import { BatchExchange } from './batch-exchange.js';
import { BatchPredictionDto, PredictionDto } from './dto/prediction.dto.js';
import { ApiInclude } from './include/api-include.decorator.js';
import { type Include, readInclude } from './include/include.js';
import { IncludePipe } from './include/include.pipe.js';
import { ApiExternalId } from './api-external-id.decorator.js';
import type { InputContract } from './input-contract.js';
import { SingleExchange } from './single-exchange.js';

const BODY_PROBLEMS = [409, 413, 415, 422, 503] as const;

@ApiTags('prediction')
@Controller('predict')
@Scoped('predict')
export class PredictionController {
  constructor(
    @Inject(SingleExchange) private readonly singles: SingleExchange,
    @Inject(BatchExchange) private readonly batches: BatchExchange,
    @Inject(ModelRegistry) private readonly registry: ModelRegistry<InputContract>,
  ) {}

  @Post()
  @BodyFirst(true)
  @HttpCode(200)
  @ApiOperation({ summary: 'Predict one instance' })
  @ApiInclude()
  @ApiBody({ schema: { $ref: '#/components/schemas/PredictRequest' } })
  @ApiExternalId()
  @ApiOkResponse({ type: PredictionDto, description: 'The prediction' })
  @ApiProblems(...BODY_PROBLEMS)
  predict(
    @Req() request: ApiRequest,
    // Without a pipe, which the direct route would not call.
    @Query('include') include?: string | string[],
  ): WholeBody | Promise<WholeBody> {
    const included = readInclude(include);
    const lease = routed(request, this.registry.leaseServed(undefined, undefined, routingKey(this.registry, request)));
    return this.singles.answer(request, lease, included);
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Predict many instances, in one answer and in their order' })
  @ApiInclude()
  @ApiBody({ schema: { $ref: '#/components/schemas/BatchPredictRequest' } })
  @ApiOkResponse({ type: BatchPredictionDto, description: 'The predictions, in the order of the instances' })
  @ApiProblems(406, ...BODY_PROBLEMS)
  async predictBatch(
    @Req() request: ApiRequest,
    @Query('include', IncludePipe) include?: Include,
  ): Promise<StreamableFile | WholeBody> {
    const lease = routed(request, this.registry.leaseServed(undefined, undefined, routingKey(this.registry, request)));
    return batchBody(await this.batches.answer(request, lease, include));
  }
}

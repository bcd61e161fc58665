import { Controller, HttpCode, Inject, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelRegistry } from '#registry';
import { ApiModelParam, ApiVersionParam } from '../models/api-model-params.decorator.js';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import type { ApiRequest } from '../http/http.types.js';
import { routed, routingKey } from '../http/routed.js';
import type { WholeBody } from '../http/whole-body.js';
import { BodyFirst, Scoped } from '../routes/route-decorators.js';
import { batchBody } from './batch-body.js';
import { BatchExchange } from './batch-exchange.js';
import { BatchPredictionDto, PredictionDto } from './dto/prediction.dto.js';
import { ApiInclude } from './include/api-include.decorator.js';
import type { Include } from './include/include.js';
import { IncludePipe } from './include/include.pipe.js';
import { ApiExternalId } from './api-external-id.decorator.js';
import type { InputContract } from './input-contract.js';
import type { PredictionLease } from './prediction-lease.js';
import { SingleExchange } from './single-exchange.js';

const PROBLEMS = [404, 409, 413, 415, 422, 503] as const;
const ANY_INSTANCE = { $ref: '#/components/schemas/AnyPredictRequest' };
const ANY_BATCH = { $ref: '#/components/schemas/AnyBatchPredictRequest' };

/** Predictions of any loaded model and version. */
@ApiTags('prediction')
@Controller('models/:model')
@Scoped('predict')
export class ModelPredictionController {
  constructor(
    @Inject(SingleExchange) private readonly singles: SingleExchange,
    @Inject(ModelRegistry) private readonly registry: ModelRegistry<InputContract>,
    @Inject(BatchExchange) private readonly batches: BatchExchange,
  ) {}

  @Post('predict')
  @BodyFirst(true)
  @HttpCode(200)
  @ApiModelParam()
  @ApiOperation({ summary: "Predict one instance with a model's champion" })
  @ApiInclude()
  @ApiBody({ schema: ANY_INSTANCE })
  @ApiExternalId()
  @ApiOkResponse({ type: PredictionDto, description: 'The prediction' })
  @ApiProblems(...PROBLEMS)
  predictWithModel(
    @Param('model') name: string,
    @Req() request: ApiRequest,
    @Query('include', IncludePipe) include: Include,
  ): WholeBody | Promise<WholeBody> {
    return this.predict(request, include, name);
  }

  @Post('predict/batch')
  @HttpCode(200)
  @ApiModelParam()
  @ApiOperation({ summary: "Predict many instances with a model's champion" })
  @ApiInclude()
  @ApiBody({ schema: ANY_BATCH })
  @ApiOkResponse({ type: BatchPredictionDto, description: 'The predictions, in the order of the instances' })
  @ApiProblems(406, ...PROBLEMS)
  predictBatchWithModel(
    @Param('model') name: string,
    @Req() request: ApiRequest,
    @Query('include', IncludePipe) include: Include,
  ): Promise<StreamableFile | WholeBody> {
    return this.predictBatch(request, include, name);
  }

  @Post('versions/:version/predict')
  @BodyFirst(true)
  @HttpCode(200)
  @ApiModelParam()
  @ApiVersionParam()
  @ApiOperation({ summary: 'Predict one instance with a version of a model' })
  @ApiInclude()
  @ApiBody({ schema: ANY_INSTANCE })
  @ApiExternalId()
  @ApiOkResponse({ type: PredictionDto, description: 'The prediction' })
  @ApiProblems(...PROBLEMS)
  predictWithVersion(
    @Param('model') name: string,
    @Param('version') version: string,
    @Req() request: ApiRequest,
    @Query('include', IncludePipe) include: Include,
  ): WholeBody | Promise<WholeBody> {
    return this.predict(request, include, name, version);
  }

  @Post('versions/:version/predict/batch')
  @HttpCode(200)
  @ApiModelParam()
  @ApiVersionParam()
  @ApiOperation({ summary: 'Predict many instances with a version of a model' })
  @ApiInclude()
  @ApiBody({ schema: ANY_BATCH })
  @ApiOkResponse({ type: BatchPredictionDto, description: 'The predictions, in the order of the instances' })
  @ApiProblems(406, ...PROBLEMS)
  predictBatchWithVersion(
    @Param('model') name: string,
    @Param('version') version: string,
    @Req() request: ApiRequest,
    @Query('include', IncludePipe) include: Include,
  ): Promise<StreamableFile | WholeBody> {
    return this.predictBatch(request, include, name, version);
  }

  private predict(
    request: ApiRequest,
    include: Include,
    name: string,
    version?: string,
  ): WholeBody | Promise<WholeBody> {
    return this.singles.answer(request, this.lease(request, name, version), include);
  }

  private async predictBatch(
    request: ApiRequest,
    include: Include,
    name: string,
    version?: string,
  ): Promise<StreamableFile | WholeBody> {
    return batchBody(await this.batches.answer(request, this.lease(request, name, version), include));
  }

  private lease(request: ApiRequest, name: string, version?: string): PredictionLease {
    return routed(request, this.registry.leaseServed(name, version, routingKey(this.registry, request)));
  }
}

import { Controller, Get, Header, HttpCode, Inject, Post, Req, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse as ApiAnswer, ApiTags } from '@nestjs/swagger';
import { ModelNotReadyError } from '#bundle';
import { ModelRegistry } from '#registry';
import type { ApiRequest } from '../http/http.types.js';
import { readParts } from '../http/read-body.js';
import { releaseOnClose } from '../http/release-on-close.js';
import type { WholeBody } from '../http/whole-body.js';
import { batchBody } from '../prediction/batch-body.js';
import type { InputContract } from '../prediction/input-contract.js';
import { Problem } from '../problem/problem.js';
import { routed, routingKey } from '../http/routed.js';
import { ErrorsAs, Probe, Scoped } from '../routes/route-decorators.js';
import { InvocationDto, MlflowErrorDto } from './mlflow.dto.js';
import { MLFLOW_OPTIONS, type MlflowOptions } from './mlflow.options.js';
import { ScoringService } from './scoring.service.js';
import { MLFLOW_ERRORS } from './mlflow-errors.js';

/**
 * MLflow declares JSON, but an empty line or a bare version is not JSON, and generated clients would fail to parse it.
 */
const TEXT = 'text/plain; charset=utf-8';
const noDefault = {
  status: 409,
  type: MlflowErrorDto,
  description: 'There are several models, and none is the default one',
};
const notReady = { status: 503, type: MlflowErrorDto, description: 'No model is ready' };

@ApiTags('mlflow')
@Controller()
@ErrorsAs(MLFLOW_ERRORS)
export class MlflowController {
  constructor(
    @Inject(ScoringService) private readonly scoring: ScoringService,
    @Inject(ModelRegistry) private readonly registry: ModelRegistry<InputContract>,
    @Inject(MLFLOW_OPTIONS) private readonly options: MlflowOptions,
  ) {}

  @Post('invocations')
  @Scoped('predict')
  @HttpCode(200)
  @Header('Content-Type', 'application/json')
  @ApiOperation({ summary: 'Score rows with the default model, as `mlflow models serve` does' })
  @ApiOkResponse({ type: InvocationDto, description: 'Labels of the predicted classes, in the order of the rows' })
  @ApiAnswer({
    status: 400,
    type: MlflowErrorDto,
    description: 'The input cannot be read, or does not match the model',
  })
  @ApiAnswer({ status: 413, type: MlflowErrorDto, description: 'The body is too large' })
  @ApiAnswer({ status: 415, type: MlflowErrorDto, description: 'The body is neither JSON nor CSV' })
  @ApiAnswer(noDefault)
  @ApiAnswer(notReady)
  async invoke(@Req() request: ApiRequest): Promise<StreamableFile | WholeBody> {
    const lease = routed(request, this.registry.lease(undefined, undefined, routingKey(this.registry, request)));
    releaseOnClose(request.res!, lease);
    const body = await readParts(request, this.options.bodyLimitBytes);
    const pieces = await this.scoring.score(lease, body, request.headers['content-type']);
    return batchBody({ contentType: 'application/json; charset=utf-8', pieces });
  }

  @Get('ping')
  @Probe()
  @Header('Content-Type', TEXT)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the default model is ready: the probe of MLflow and SageMaker' })
  @ApiOkResponse({
    description: 'It is ready; the body is an empty line',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  @ApiAnswer(noDefault)
  @ApiAnswer(notReady)
  ping(): string {
    const { state } = this.registry;
    if (state.status === 'ready') return '\n';
    if (state.status === 'undecided') {
      throw new Problem('no-default-model', 'No default model is set; set models.default (DEFAULT_MODEL).');
    }
    throw new ModelNotReadyError(state.status === 'failed' ? state.failure : 'The model is being loaded');
  }

  @Get('version')
  @Scoped('open')
  @Header('Content-Type', TEXT)
  @ApiOperation({ summary: 'Version of this server, as bare text' })
  @ApiOkResponse({ description: 'The version', content: { 'text/plain': { schema: { type: 'string' } } } })
  getVersion(): string {
    return this.options.version;
  }
}

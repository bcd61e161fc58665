import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { ApiRequest, ApiResponse } from '../../http/http.types.js';
import { readParts } from '../../http/read-body.js';
import { releaseOnClose } from '../../http/release-on-close.js';
import { routed, routingKey } from '../../http/routed.js';
import { ErrorsAs, Probe, Scoped } from '../../routes/route-decorators.js';
import { DataPlane, type ModelMetadata, type ServerMetadata } from '../data-plane/data-plane.js';
import { ApiInferenceErrors, ApiModelRoute } from './api-inference.decorators.js';
import {
  InferenceResponseDto,
  ModelMetadataDto,
  ModelReadyDto,
  ServerLiveDto,
  ServerMetadataDto,
  ServerReadyDto,
  StatisticsDto,
} from './inference.dto.js';
import { INFERENCE_ERRORS } from './inference-errors.js';
import { readInferRequest } from './read-infer-request.js';
import { readRawRequest } from './read-raw-request.js';
import { REST_OPTIONS, type RestOptions } from './rest.options.js';
import { sendInference } from './send-inference.js';
import { splitBody } from './split-body.js';
import { writeInferResponse } from './write-infer-response.js';

/** The Open Inference Protocol v2 over REST. */
@ApiTags('open inference protocol')
@Controller('v2')
@Scoped('read')
@ErrorsAs(INFERENCE_ERRORS)
export class InferenceController {
  constructor(
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(REST_OPTIONS) private readonly options: RestOptions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Name, version and extensions of this server' })
  @ApiOkResponse({ type: ServerMetadataDto })
  getServerMetadata(): ServerMetadata {
    return this.plane.serverMetadata();
  }

  @Get('health/live')
  @Probe()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Liveness: the process answers' })
  @ApiOkResponse({ type: ServerLiveDto })
  getServerLive(): ServerLiveDto {
    return { live: true };
  }

  @Get('health/ready')
  @Probe()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Readiness: the models that must serve do, and the server is not draining' })
  @ApiOkResponse({ type: ServerReadyDto })
  @ApiServiceUnavailableResponse({ type: ServerReadyDto, description: 'No' })
  getServerReady(@Res({ passthrough: true }) response: ApiResponse): ServerReadyDto {
    const ready = this.plane.isReady();
    if (!ready) response.status(503);
    return { live: ready, ready };
  }

  @Get('models/stats')
  @ApiOperation({ summary: 'Statistics of all models in this process' })
  @ApiOkResponse({ type: StatisticsDto })
  getAllStatistics(): StatisticsDto {
    return { model_stats: this.plane.statistics() };
  }

  @Get(['models/:model', 'models/:model/versions/:version'])
  @ApiModelRoute('Names, datatypes and shapes of the tensors of a model')
  @ApiInferenceErrors(409, 503)
  @ApiOkResponse({ type: ModelMetadataDto })
  getModelMetadata(@Param('model') model: string, @Param('version') version?: string): ModelMetadata {
    return this.plane.modelMetadata(model, version);
  }

  @Get(['models/:model/ready', 'models/:model/versions/:version/ready'])
  @Probe()
  @Header('Cache-Control', 'no-store')
  @ApiModelRoute('Whether a model can answer')
  @ApiOkResponse({ type: ModelReadyDto })
  @ApiServiceUnavailableResponse({ type: ModelReadyDto, description: 'No' })
  getModelReady(
    @Res({ passthrough: true }) response: ApiResponse,
    @Param('model') name: string,
    @Param('version') version?: string,
  ): ModelReadyDto {
    const ready = this.plane.isModelReady(name, version);
    if (!ready) response.status(503);
    return { name, ready };
  }

  @Get(['models/:model/stats', 'models/:model/versions/:version/stats'])
  @ApiModelRoute('Statistics of a model in this process')
  @ApiInferenceErrors(409, 503)
  @ApiOkResponse({ type: StatisticsDto })
  getModelStatistics(@Param('model') model: string, @Param('version') version?: string): StatisticsDto {
    return { model_stats: this.plane.statistics(model, version) };
  }

  @Post(['models/:model/infer', 'models/:model/versions/:version/infer'])
  @Scoped('predict')
  @HttpCode(200)
  @ApiModelRoute('Infer')
  @ApiOkResponse({ type: InferenceResponseDto })
  @ApiInferenceErrors(409, 413, 415, 503)
  async inferWithModel(
    @Req() request: ApiRequest,
    @Res() response: ApiResponse,
    @Param('model') model: string,
    @Param('version') version?: string,
  ): Promise<void> {
    let lease = routed(request, this.plane.lease(model, version, routingKey(this.plane, request)));
    releaseOnClose(response, lease);
    const body = await readParts(request, this.options.bodyLimitBytes);
    const length = request.headers['inference-header-content-length'] as string | undefined;
    const asked =
      length === '0'
        ? await readRawRequest(body.whole(), lease.model.inputs)
        : await readInferRequest(splitBody(body, length));
    if (lease.arm && asked.routingKey !== undefined) {
      // The routing key is in the body.
      lease.release();
      lease = routed(request, this.plane.lease(model, version, asked.routingKey));
      releaseOnClose(response, lease);
    }
    const result = await this.plane.infer(lease.model, asked);
    await sendInference(response, await writeInferResponse(result, asked), request.headers['accept-encoding']);
  }
}

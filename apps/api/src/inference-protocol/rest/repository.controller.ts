import { Controller, HttpCode, Inject, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ApiRequest } from '../../http/http.types.js';
import { readParts } from '../../http/read-body.js';
import { ErrorsAs, Scoped } from '../../routes/route-decorators.js';
import { OneWorkerGuard } from '../one-worker.guard.js';
import { DataPlane } from '../data-plane/data-plane.js';
import type { CatalogEntry } from '../data-plane/model-catalog.js';
import { ApiInferenceErrors } from './api-inference.decorators.js';
import { IndexEntryDto } from './inference.dto.js';
import { INFERENCE_ERRORS } from './inference-errors.js';
import { readFlag } from '../parameters.js';
import { readRepositoryRequest } from './read-repository-request.js';
import { REST_OPTIONS, type RestOptions } from './rest.options.js';

/** The read-only part of the model repository extension. */
@ApiTags('open inference protocol')
@Controller('v2/repository')
@Scoped('read')
@ErrorsAs(INFERENCE_ERRORS)
export class RepositoryController {
  constructor(
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(REST_OPTIONS) private readonly options: RestOptions,
  ) {}

  @Post('index')
  @HttpCode(200)
  @ApiOperation({ summary: 'Every version of every model, and whether it can answer' })
  @ApiBody({ required: false, schema: { type: 'object', properties: { ready: { type: 'boolean', example: true } } } })
  @ApiOkResponse({ type: [IndexEntryDto] })
  @ApiInferenceErrors(400, 413, 415, 503)
  async listRepository(@Req() request: ApiRequest): Promise<readonly CatalogEntry[]> {
    const asked = await readRepositoryRequest(await readParts(request, this.options.bodyLimitBytes));
    return this.plane.index(readFlag(asked, 'ready', 'the request') ?? false);
  }
}

/** The part of the extension that changes which models serve, for administrators. */
@ApiTags('open inference protocol')
@Controller('v2/repository/models/:model')
@Scoped('admin')
@ErrorsAs(INFERENCE_ERRORS)
@UseGuards(OneWorkerGuard)
export class RepositoryAdminController {
  constructor(
    @Inject(DataPlane) private readonly plane: DataPlane,
    @Inject(REST_OPTIONS) private readonly options: RestOptions,
  ) {}

  @Post('load')
  @HttpCode(200)
  @ApiOperation({ summary: 'Load a model, or load it again' })
  @ApiInferenceErrors(400, 404, 409, 413, 415, 503)
  async loadModel(@Req() request: ApiRequest, @Param('model') model: string): Promise<void> {
    await readRepositoryRequest(await readParts(request, this.options.bodyLimitBytes));
    await this.plane.load(model);
  }

  @Post('unload')
  @HttpCode(200)
  @ApiOperation({ summary: 'Unload a model' })
  @ApiInferenceErrors(400, 404, 409, 413, 415, 503)
  async unloadModel(@Req() request: ApiRequest, @Param('model') model: string): Promise<void> {
    await readRepositoryRequest(await readParts(request, this.options.bodyLimitBytes));
    await this.plane.unload(model);
  }
}

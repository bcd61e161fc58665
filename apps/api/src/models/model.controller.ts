import { applyDecorators, Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelRegistry } from '#registry';
import { ApiModelParam, ApiVersionParam } from './api-model-params.decorator.js';
import { ApiProblems } from '../problem/api-problems.decorator.js';
import { Scoped } from '../routes/route-decorators.js';
import { describeLoaded, describeModel } from './describe-model.js';
import { listModels } from './list-models.js';
import { ModelInfoDto } from './model-info.dto.js';
import { ModelListDto } from './model-list.dto.js';
import { TensorModelInfoDto } from './tensor-model-info.dto.js';

type DescribedModelDto = ModelInfoDto | TensorModelInfoDto;

const ApiDescribedModel = (): MethodDecorator =>
  applyDecorators(
    ApiExtraModels(ModelInfoDto, TensorModelInfoDto),
    ApiOkResponse({
      description: 'The version',
      schema: { oneOf: [{ $ref: '#/components/schemas/ModelInfo' }, { $ref: '#/components/schemas/TensorModelInfo' }] },
    }),
  );

@ApiTags('model')
@Controller()
@Scoped('read')
export class ModelController {
  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  @Get('model/info')
  @ApiOperation({ summary: 'The default model: identity, metrics, signature, hashes and proof of parity' })
  @ApiOkResponse({ type: ModelInfoDto, description: 'The model' })
  @ApiProblems(409, 503)
  getDefaultModel(): ModelInfoDto {
    return describeModel(this.registry.model);
  }

  @Get('models')
  @ApiOperation({ summary: 'All models and versions, and whether they can answer' })
  @ApiOkResponse({ type: ModelListDto, description: 'The models' })
  @ApiProblems()
  listModels(): ModelListDto {
    return listModels(this.registry.list());
  }

  @Get('models/:model')
  @ApiModelParam()
  @ApiOperation({ summary: 'The champion of a model, in the format of /model/info' })
  @ApiDescribedModel()
  @ApiProblems(404, 503)
  getModel(@Param('model') name: string): DescribedModelDto {
    return describeLoaded(this.registry.find(name));
  }

  @Get('models/:model/versions/:version')
  @ApiModelParam()
  @ApiVersionParam()
  @ApiOperation({ summary: 'A version of a model' })
  @ApiDescribedModel()
  @ApiProblems(404, 409, 503)
  getModelVersion(@Param('model') name: string, @Param('version') version: string): DescribedModelDto {
    return describeLoaded(this.registry.find(name, version));
  }
}

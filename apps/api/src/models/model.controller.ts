import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ModelRegistry, type ServedModel } from '#registry';
import { ApiProblems } from '../docs/api-problems.decorator.js';
import { ModelInfoDto } from './model-info.dto.js';

function describeModel({ manifest, inputs, features, parity }: ServedModel): ModelInfoDto {
  const { name, version, algorithm, hyperparameters, metrics, train_samples, test_samples, timestamp } = manifest;
  return {
    name,
    version,
    algorithm,
    hyperparameters,
    metrics,
    train_samples,
    test_samples,
    n_features: features.length,
    timestamp,
    signature: {
      inputs: inputs.map(({ name, type, minimum, maximum, nullable }) => ({ name, type, minimum, maximum, nullable })),
      features,
      classes: manifest.classes,
    },
    sha256: Object.fromEntries(Object.entries(manifest.files).map(([file, { sha256 }]) => [file, sha256])),
    parity,
  };
}

@ApiTags('model')
@Controller('model')
export class ModelController {
  constructor(@Inject(ModelRegistry) private readonly registry: ModelRegistry) {}

  @Get('info')
  @ApiOperation({ summary: 'What serves: identity, metrics, signature, hashes and proof of parity' })
  @ApiOkResponse({ type: ModelInfoDto, description: 'The model' })
  @ApiProblems(503)
  info(): ModelInfoDto {
    return describeModel(this.registry.model);
  }
}

import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Post, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../docs/api-problems.decorator.js';
import { batchJson } from './batch-json.js';
import { inTurns } from './in-turns.js';
import { BatchPipe, type CheckedBatch } from './batch.pipe.js';
import { BatchPredictionDto, PredictionDto } from './dto/prediction.dto.js';
import { type CheckedInstance, InstancePipe } from './instance.pipe.js';
import { PredictionService } from './prediction.service.js';

const BODY_PROBLEMS = [413, 415, 422, 503] as const;

@ApiTags('prediction')
@Controller('predict')
export class PredictionController {
  constructor(@Inject(PredictionService) private readonly predictions: PredictionService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Predict one instance' })
  @ApiBody({ schema: { $ref: '#/components/schemas/PredictRequest' } })
  @ApiOkResponse({ type: PredictionDto, description: 'The prediction' })
  @ApiProblems(...BODY_PROBLEMS)
  predict(@Body(InstancePipe) instance: CheckedInstance): Promise<PredictionDto> {
    return this.predictions.predict(instance);
  }

  @Post('batch')
  @HttpCode(200)
  @ApiOperation({ summary: 'Predict many instances, in one answer and in their order' })
  @ApiBody({ schema: { $ref: '#/components/schemas/BatchPredictRequest' } })
  @ApiOkResponse({ type: BatchPredictionDto, description: 'The predictions, in the order of the instances' })
  @ApiProblems(...BODY_PROBLEMS)
  async predictBatch(@Body(BatchPipe) batch: CheckedBatch): Promise<StreamableFile> {
    const answer = await this.predictions.predictBatch(batch);
    return new StreamableFile(Readable.from(inTurns(batchJson(answer))), { type: 'application/json; charset=utf-8' });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { FeatureOverflowError } from '#bundle';
import { INFERENCE_OBSERVER, type InferenceObserver } from '#runtime';
import type { ApiRequest } from '../http/http.types.js';
import { readParts } from '../http/read-body.js';
import { releaseOnClose } from '../http/release-on-close.js';
import { featureOverflow } from '../problem/feature-overflow.js';
import { type Pieces, shortened } from './formats/batch-format.js';
import { answerFormat, bodyFormat, FORMATS } from './formats/formats.js';
import { NDJSON_FORMAT } from './formats/ndjson/ndjson.format.js';
import { NdjsonStream } from './formats/ndjson/ndjson-stream.js';
import type { Include } from './include/include.js';
import type { PredictionLease } from './prediction-lease.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from './prediction.options.js';
import { PredictionService } from './prediction.service.js';

/** The answer to a batch, before it is sent. */
export interface BatchAnswer {
  readonly contentType: string;
  /** A text if it is short. */
  readonly pieces: Pieces | string;
}

/** Reads a batch in the format of its body and answers it in the format that the caller prefers. */
@Injectable()
export class BatchExchange {
  constructor(
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(NdjsonStream) private readonly ndjson: NdjsonStream,
    @Inject(INFERENCE_OBSERVER) private readonly observer: InferenceObserver,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /**
   * @param lease is released with the answer
   * @throws Problem `unsupported-media-type`, `not-acceptable`, or the faults of the body
   */
  async answer(request: ApiRequest, lease: PredictionLease, include?: Include): Promise<BatchAnswer> {
    releaseOnClose(request.res!, lease);
    const { maxInstances, bodyLimitBytes } = this.options;
    const own = bodyFormat(request.headers['content-type']);
    const isStream = own === NDJSON_FORMAT;
    const { contentType, ...format } = answerFormat(own, isStream ? [own] : FORMATS, (types) => request.accepts(types));
    if (isStream) return { contentType, pieces: this.ndjson.answer(request, lease, include) };

    const body = await readParts(request, bodyLimitBytes);
    const started = performance.now();
    const { write, ...batch } = await own.read(body, lease.contract, maxInstances);
    this.observer.validated(performance.now() - started);
    const answer = await this.predictions.predictBatch(lease.model, batch, include).catch(toldByInstance);
    const isOwn = contentType === own.contentType;
    const pieces = (isOwn && write ? write : format.write)(answer);
    return { contentType, pieces: shortened(batch.rows, pieces) };
  }
}

function toldByInstance(error: unknown): never {
  throw error instanceof FeatureOverflowError ? featureOverflow(error, (row) => `instances[${row}]`) : error;
}

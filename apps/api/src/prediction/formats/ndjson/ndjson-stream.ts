import { Inject, Injectable, Logger } from '@nestjs/common';
import { FeatureOverflowError } from '#bundle';
import type { ApiRequest } from '../../../http/http.types.js';
import { unpacked } from '../../../http/read-body.js';
import { domainProblem } from '../../../problem/domain-problem.js';
import { featureOverflow } from '../../../problem/feature-overflow.js';
import { Problem } from '../../../problem/problem.js';
import { answerWriter } from '../../answer-writer.js';
import { checkInclude } from '../../include/check-include.js';
import type { Include } from '../../include/include.js';
import { jsonTail } from '../../include/write-shares.js';
import type { InputContract } from '../../input-contract.js';
import type { PredictionLease } from '../../prediction-lease.js';
import { PREDICTION_OPTIONS, type PredictionOptions } from '../../prediction.options.js';
import { readInstance } from '../../read-instance.js';
import { PredictionService, type StampedBatch } from '../../prediction.service.js';
import { LINE_END, lineStart, lineTail, VALUE_START } from './ndjson.format.js';
import { type Line, readLines } from './read-lines.js';

const ROWS_AT_ONCE = 1_024;
/** Wording a fault takes as long as reading dozens of rows. */
const FAULTS_AT_ONCE = 64;

/** A line of the request: its values in column order, or its fault. */
interface Entry {
  readonly line: number;
  readonly values: readonly number[];
  readonly externalId?: string;
  problem?: Problem;
}

/**
 * Predicts a stream of instances, one JSON object per line, and answers line by line while it arrives: only the lines
 * of one chunk are held. An invalid line is answered in its place, and the stream continues.
 */
@Injectable()
export class NdjsonStream {
  private readonly logger = new Logger(NdjsonStream.name);

  constructor(
    @Inject(PredictionService) private readonly predictions: PredictionService,
    @Inject(PREDICTION_OPTIONS) private readonly options: PredictionOptions,
  ) {}

  /** @throws Problem `unsupported-media-type` for its Content-Encoding, `invalid-input` for its `include` */
  answer(request: ApiRequest, lease: PredictionLease, include?: Include): AsyncGenerator<string> {
    if (include) checkInclude(lease.model, include);
    const { bodyLimitBytes } = this.options;
    const body = unpacked(request, bodyLimitBytes);
    return this.answers(readLines(body, bodyLimitBytes, request.hold), lease, include);
  }

  private async *answers(
    chunks: AsyncIterable<Line[]>,
    lease: PredictionLease,
    include?: Include,
  ): AsyncGenerator<string> {
    const call: Call = { hasAnswered: false };
    for await (const lines of chunks) {
      let entries: Entry[] = [];
      let faults = 0;
      for (const line of lines.filter(isFilled)) {
        const reading = this.read(line, lease.contract);
        const entry = reading instanceof Promise ? await reading : reading;
        entries.push(entry);
        if (entry.problem) faults++;
        if (entries.length < ROWS_AT_ONCE && faults < FAULTS_AT_ONCE) continue;
        yield await this.predict(entries, lease, call, include);
        entries = [];
        faults = 0;
      }
      if (entries.length > 0) yield await this.predict(entries, lease, call, include);
    }
  }

  /** Synchronous, except for long lines, which are read in several turns of the event loop. */
  private read({ number, bytes, refusal }: Line, contract: InputContract): Entry | Promise<Entry> {
    const wrong = (error: unknown): Entry => {
      if (error instanceof Problem) return { line: number, values: [], problem: error };
      throw error;
    };
    if (!bytes) {
      return wrong(
        refusal ??
          new Problem(
            'payload-too-large',
            `The line exceeds ${this.options.bodyLimitBytes} bytes, the limit of server.bodyLimitBytes (BODY_LIMIT_BYTES).`,
          ),
      );
    }
    try {
      const row = readInstance(bytes, contract);
      if (!(row instanceof Promise)) return { line: number, ...row };
      return row.then((read) => ({ line: number, ...read }), wrong);
    } catch (error) {
      return wrong(error);
    }
  }

  /** The first attempt finds rows whose features overflow; the second leaves them out. */
  private async predict(
    entries: readonly Entry[],
    lease: PredictionLease,
    call: Call,
    include?: Include,
  ): Promise<string> {
    const valid = entries.filter(({ problem }) => !problem);
    if (valid.length === 0) return writeEntries(entries);
    const columns = lease.contract.checker.names.map((_, c) => Float64Array.from(valid, ({ values }) => values[c]));
    try {
      const isNamed = valid.some(({ externalId }) => externalId !== undefined);
      const batch = {
        columns,
        rows: valid.length,
        isContinued: call.hasAnswered,
        ...(isNamed && { externalIds: valid.map(({ externalId }) => externalId) }),
      };
      const answer = await this.predictions.predictBatch(lease.model, batch, include);
      call.hasAnswered = true;
      return writeEntries(entries, answer);
    } catch (error) {
      if (error instanceof FeatureOverflowError) {
        for (const [row, fault] of valid.entries()) {
          const faults = error.faults.filter((candidate) => candidate.row === row);
          if (faults.length > 0) fault.problem = featureOverflow(new FeatureOverflowError(faults), () => '');
        }
        return this.predict(entries, lease, call, include);
      }
      this.logger.warn(error);
      const problem =
        domainProblem(error) ?? new Problem('internal-error', 'The rows of this line were not predicted.');
      for (const entry of valid) entry.problem = problem;
      return writeEntries(entries);
    }
  }
}

/** A request, some rows of which may have been answered already. */
interface Call {
  hasAnswered: boolean;
}

/** Blank lines are skipped. */
function isFilled({ bytes }: Line): boolean {
  return !bytes || bytes.length > 64 || bytes.toString('latin1').trim() !== '';
}

/** One line per entry; valid entries take the predictions in order. */
function writeEntries(entries: readonly Entry[], batch?: StampedBatch): string {
  const answer = batch && answerWriter(batch, lineStart, VALUE_START);
  const after = batch && lineTail(batch);
  const tailOf = batch && jsonTail(batch);
  let text = '';
  let row = 0;
  for (const { line, problem } of entries) {
    if (problem) text += `${JSON.stringify({ error: { line, ...problem.toDocument() } })}\n`;
    else {
      text += `${answer!(row)}${after}${tailOf!(row)}${LINE_END}`;
      row++;
    }
  }
  return text;
}

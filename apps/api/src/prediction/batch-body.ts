import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { WholeBody } from '../http/whole-body.js';
import type { BatchAnswer } from './batch-exchange.js';
import { yieldBetween } from './yield-between.js';

/** The body of a batch's answer for Nest: sent at once if it is short, otherwise streamed. */
export function batchBody({ contentType, pieces }: BatchAnswer): StreamableFile | WholeBody {
  if (typeof pieces === 'string') return new WholeBody(contentType, pieces);
  return new StreamableFile(Readable.from(yieldBetween(pieces)), { type: contentType });
}

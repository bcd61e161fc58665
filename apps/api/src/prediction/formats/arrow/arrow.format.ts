import type { StampedBatch } from '../../prediction.service.js';
import type { BatchFormat } from '../batch-format.js';
import { ColumnBatch } from '../column-batch.js';

/** Loaded by the first request that needs it, because it costs memory. */
const loadCodec = () => import('./arrow-codec.js');

/** Apache Arrow's IPC stream: one column of numbers per raw input, in any order, of any integer or float type. */
export const ARROW_FORMAT: BatchFormat = {
  mediaTypes: ['application/vnd.apache.arrow.stream'],
  contentType: 'application/vnd.apache.arrow.stream',
  async read(body, { checker }, maxInstances) {
    const { decodeColumns } = await loadCodec();
    return new ColumnBatch(checker, decodeColumns(body.whole(), maxInstances, checker)).check(maxInstances);
  },
  async *write(batch: StampedBatch) {
    const { encodeBatch } = await loadCodec();
    yield encodeBatch(batch);
  },
};

import { parentPort, workerData } from 'node:worker_threads';
import { openStore, type StoreOptions } from '../store/open-store.js';
import type { KeepRules } from './row-texts.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import type { LogChunk } from './log-chunk.js';
import { LogWriter } from './log-writer.js';
import type { LogMessage, LogQuestion } from './log-worker.js';

// A thread that writes the log, so that no prediction waits for it.
const port = parentPort!;
const post = (message: LogMessage, buffers?: ArrayBuffer[]): void => port.postMessage(message, buffers);
/** They go back with the next outcome. */
let freed: ArrayBuffer[] = [];
const writer = new LogWriter(await openStore(workerData as StoreOptions), {
  freed: (buffer) => freed.push(buffer),
  ended: (outcome) => {
    const buffers = freed;
    freed = [];
    post({ outcome, buffers }, buffers);
  },
  wrote: (state) => post({ state }),
});

interface Order extends Partial<LogQuestion> {
  readonly watched?: WatchedVersion;
  readonly keep?: KeepRules;
  readonly chunk?: LogChunk;
  readonly end?: number;
}

async function answer({ question, method, argument }: LogQuestion): Promise<void> {
  try {
    const answer = await (method === 'takeLabels'
      ? writer.takeLabels(argument as unknown[])
      : writer.readWatches(argument as string[]));
    post({ question, answer });
  } catch (error) {
    post({ question, problem: (error as Error).message });
  }
}

port.on('message', (order: Order) => {
  const { watched, keep, chunk, end, question } = order;
  if (question !== undefined) void answer(order as LogQuestion);
  if (watched) writer.know(watched, keep!);
  if (chunk) writer.write(chunk);
  if (end !== undefined) void writer.close(end).then(() => port.close());
});

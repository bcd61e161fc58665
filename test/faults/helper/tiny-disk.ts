import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { faultsOf } from './fault.js';

/** A file system of some KiB. */
export class TinyDisk {
  private constructor(readonly path: string) {}

  /** @returns `undefined` where mounting is not allowed */
  static mount(kibibytes: number): TinyDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), 'skewless-disk-'));
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path]);
    if (status === 0) return new TinyDisk(path);
    rmSync(path, { recursive: true });
    return undefined;
  }

  resize(kibibytes: number): void {
    execFileSync('mount', ['-o', `remount,size=${kibibytes}k`, this.path]);
  }

  makeReadOnly(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.path]);
  }

  unmount(): void {
    // Also where a process that failed still has files open in it.
    execFileSync('umount', ['--lazy', this.path]);
    rmSync(this.path, { recursive: true });
  }
}

/** Declares faults that need a disk of `kibibytes`, where mounting one is allowed. */
export function diskFaultsOf(fault: ReturnType<typeof faultsOf>, kibibytes: number) {
  const probe = TinyDisk.mount(16);
  probe?.unmount();
  return (name: string, terms: Parameters<typeof fault>[1], observe: (disk: TinyDisk) => Promise<string>): void => {
    if (!probe) return;
    fault(name, terms, async () => {
      const disk = TinyDisk.mount(kibibytes)!;
      try {
        return await observe(disk);
      } finally {
        disk.unmount();
      }
    });
  };
}

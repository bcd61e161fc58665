import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies a process, even when a later one reuses its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** In clock ticks since boot, from `/proc/<pid>/stat`; empty where there is none. */
  readonly started: string;
}

function startOf(pid: number): string {
  try {
    // The second field may contain blanks and parentheses: parse from the last ")".
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'over, not yet waited for' : fields[19];
  } catch {
    return '';
  }
}

export const thisProcess = (): ProcessIdentity => ({
  pid: process.pid,
  host: hostname(),
  started: startOf(process.pid),
});

/** Whether a process still runs. A process of another host cannot be checked and counts as alive. */
export function isAlive({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

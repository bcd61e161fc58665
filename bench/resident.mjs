import { readFileSync } from 'node:fs';

/** Resident memory of a process in MiB. */
export function residentMiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]) / 1_024;
}

/** Watches a process; `stop` tells the most that was seen. */
export function watchResident(pid) {
  let most = residentMiB(pid);
  const timer = setInterval(() => (most = Math.max(most, residentMiB(pid))), 20);
  return {
    stop() {
      clearInterval(timer);
      return Math.max(most, residentMiB(pid));
    },
  };
}

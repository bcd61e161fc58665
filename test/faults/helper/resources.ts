import { readdirSync, readFileSync } from 'node:fs';

const MEBIBYTE = 1_048_576;

/** Resident memory of a process in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(kibibytes?.[1]) * 1_024) / MEBIBYTE;
}

/** User and system time of a process and all its threads so far, in seconds; Linux counts hundredths (USER_HZ). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How many file descriptors a process holds. */
export const openHandles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Slope of a straight line through points that are equally far apart, in units a step (least squares). */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [covariance, variance] = [0, 0];
  values.forEach((value, i) => {
    covariance += (i - middle) * (value - mean);
    variance += (i - middle) ** 2;
  });
  return covariance / variance;
}

/** Of one sample: enough for the clock of a process. */
const SAMPLE_MS = 40;

/** User and system time of this process so far, in microseconds. */
const cpuNow = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** Microseconds of CPU a row of calls with `size` rows each, from ever other places of `rows`. */
export async function sample(size, rows, run) {
  const started = cpuNow();
  let done = 0;
  for (let at = 0; cpuNow() - started < SAMPLE_MS * 1_000; at = at + 2 * size <= rows ? at + size : 0) {
    await run(at, size);
    done += size;
  }
  return (cpuNow() - started) / done;
}

/** Copies rows of a column; few of them one by one, as a view of them would cost more than they do. */
export function put(columns, from, count, data, to) {
  if (count > 64) data.set(columns.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) data[to + i] = columns[from + i];
}

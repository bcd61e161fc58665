import type { ShowProgress } from '#training';

export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export const CLEAR_LINE = '\r\u001b[2K';
const WIDTH = 24;
/** A line that changes more often is unreadable. */
const MILLISECONDS_BETWEEN = 100;

/**
 * On a terminal, shows a progress bar with share, speed and time left, in one line that is rewritten. Elsewhere, such
 * as in a log, prints one plain line at the end.
 */
export function progressLine(stream: ProgressStream, now: () => number = () => performance.now()): ShowProgress {
  let current = '';
  let started = 0;
  let shown = -Infinity;
  return (what, done, total) => {
    if (what !== current) [current, started, shown] = [what, now(), -Infinity];
    const isEnd = done >= total;
    if (isEnd) current = '';
    if (!stream.isTTY) {
      if (isEnd) stream.write(`${what}: ${count(done)} of ${count(total)}\n`);
      return;
    }
    if (!isEnd && now() - shown < MILLISECONDS_BETWEEN) return;
    shown = now();
    stream.write(`${CLEAR_LINE}${bar(what, done, total, (now() - started) / 1_000)}${isEnd ? '\n' : ''}`);
  };
}

const count = (value: number): string => value.toLocaleString('en-US');

function bar(what: string, done: number, total: number, seconds: number): string {
  const full = Math.floor((WIDTH * done) / total);
  const line = `${what} ${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${count(done)}/${count(total)}`;
  if (seconds <= 0) return line;
  const perSecond = done / seconds;
  const speed = perSecond >= 10 ? count(Math.round(perSecond)) : perSecond.toFixed(1);
  const time = done >= total ? `${seconds.toFixed(1)} s` : `${Math.ceil((total - done) / perSecond)} s left`;
  return `${line}  ${speed} ${what}/s  ${time}`;
}

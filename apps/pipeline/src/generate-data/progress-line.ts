import type { WriteStream } from 'node:tty';

export interface ProgressLine {
  readonly show: (done: number) => void;
  readonly clear: () => void;
}

const CLEAR_LINE = '\r\u001b[2K';

/** One line on a terminal that tells share, speed and time left; silent where there is none. */
export function progressLine(total: number, stream: WriteStream | undefined): ProgressLine {
  if (!stream?.isTTY) return { show: () => undefined, clear: () => undefined };
  const started = performance.now();
  return {
    show: (done) => {
      const perSecond = (done / (performance.now() - started)) * 1_000;
      const left = Math.ceil((total - done) / perSecond);
      const speed = Math.round(perSecond).toLocaleString('en-US');
      stream.write(`${CLEAR_LINE}${Math.floor((100 * done) / total)} %  ${speed} rows/s  ${left} s left`);
    },
    clear: () => stream.write(CLEAR_LINE),
  };
}

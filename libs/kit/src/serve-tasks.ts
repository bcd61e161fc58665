import { Worker } from 'node:worker_threads';

/** Longer than any message about a failure. */
const OUTPUT_CHARACTERS = 65_536;
/** Time for the parent to kill this process first. */
const GRACE_MILLISECONDS = 2_000;

/** A task may block this thread: a worker thread kills the process when the task times out or the parent is gone. */
const WATCH = `
const { parentPort } = require('node:worker_threads');
const { ppid } = process;
const end = () => process.kill(process.pid, 'SIGKILL');
let timer;
parentPort.on('message', (milliseconds) => {
  clearTimeout(timer);
  if (milliseconds > 0) timer = setTimeout(end, milliseconds);
});
setInterval(() => process.ppid === ppid || end(), 500);`;

/**
 * Runs in a child of `ChildTasks` or `ChildAnswers`: does the tasks that it receives, until its parent is gone.
 *
 * @param work returns the answer; the message of an error that it throws is sent to the parent
 */
export function serveTasks(work: (argument: string) => Promise<string | void>): void {
  const milliseconds = Number(process.argv[2]) * 1_000 + GRACE_MILLISECONDS;
  const watch = new Worker(WATCH, { eval: true });
  watch.unref();
  process.on('disconnect', () => process.exit());
  process.on('message', (argument: string) => {
    watch.postMessage(milliseconds);
    void work(argument)
      .then(
        (answer) => (answer === undefined ? {} : { answer }),
        (error: Error) => ({ output: error.message.slice(0, OUTPUT_CHARACTERS) }),
      )
      .then((ended) => {
        watch.postMessage(0);
        process.send?.(ended);
      });
  });
}

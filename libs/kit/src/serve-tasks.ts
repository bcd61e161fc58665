import { Worker } from 'node:worker_threads';

/** More than any sentence about a failure. */
const OUTPUT_CHARACTERS = 65_536;
/** What the parent has to end this process itself. */
const GRACE_MILLISECONDS = 2_000;

/** A task may keep this thread for good: another one ends the process when a task's time is over, or its parent gone. */
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
 * In a child of `ChildTasks` or `ChildAnswers`: does the tasks that it is sent, until its parent is gone.
 *
 * @param work returns what there is to answer, and throws what it has to say of a failure, as its message
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

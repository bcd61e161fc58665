/** Preloaded into a process (`node --require`), sends it SIGINT so many milliseconds after it began to listen for that. */
process.on('newListener', function arm(event) {
  if (event !== 'SIGINT') return;
  process.off('newListener', arm);
  setTimeout(() => process.kill(process.pid, event), Number(process.env.STOP_AFTER)).unref();
});

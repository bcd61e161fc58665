/** Preloaded into a process (`node --require`), sends it SIGINT so many milliseconds after its n-th listener for that came. */
let listeners = 0;
process.on('newListener', function arm(event) {
  if (event !== 'SIGINT' || ++listeners < Number(process.env.STOP_LISTENER)) return;
  process.off('newListener', arm);
  setTimeout(() => process.kill(process.pid, event), Number(process.env.STOP_AFTER)).unref();
});

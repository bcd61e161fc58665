const CHECK_MILLISECONDS = 250;

/**
 * Stops when the shell that npm started us with is gone: npm passes a SIGTERM on to that shell, which dies of it
 * without passing it on, and the server would stay behind and hold its port.
 */
export function stopWithNpm(environment: NodeJS.ProcessEnv): void {
  if (environment.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_MILLISECONDS).unref();
}

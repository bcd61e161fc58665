const CHECK_MILLISECONDS = 250;

/**
 * Stops when the shell in which npm started this process is gone: npm forwards SIGTERM only to that shell, which dies
 * without forwarding it, and the server would remain and hold its port.
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

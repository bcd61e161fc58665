/** Why an address could not be had, as the operating system says it. */
type ListenError = Pick<NodeJS.ErrnoException, 'code' | 'message'>;

/** @param remedy how to choose another port */
export function listenFailure({ code, message }: ListenError, host: string, port: number, remedy: string): Error {
  if (code === 'EADDRINUSE' || message.includes('EADDRINUSE')) {
    return new Error(
      `Port ${port} on ${host} is taken: stop what listens there, or choose another one, such as ${remedy}`,
    );
  }
  if (code === 'EACCES' || message.includes('EACCES')) {
    return new Error(`Port ${port} on ${host} is not open to this user: choose one above 1023`);
  }
  return new Error(`Cannot listen on ${host}:${port}: ${message}`);
}

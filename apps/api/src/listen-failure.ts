import { UserError } from '#kit';

/** The operating system's reason why an address could not be bound. */
type ListenError = Pick<NodeJS.ErrnoException, 'code' | 'message'>;

/** The setting of the server's address; some shells, such as conda's, export their own HOST. */
export const HOST_SETTING = 'server.host (HOST in the environment, or --host)';

/** An address to listen on, and where it is set. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** The setting, and the variables and flags that it may come from. */
  readonly hostSetting: string;
  readonly portSetting: string;
}

/** @param remedy how to choose another port */
export function listenFailure(
  { code, message }: ListenError,
  { host, port, hostSetting, portSetting }: ListenAddress,
  remedy: string,
): UserError {
  if (code === 'EADDRINUSE' || message.includes('EADDRINUSE')) {
    return new UserError(
      `Port ${port} on ${host} is in use: stop the process that uses it, or choose another ${portSetting}, such as ${remedy}`,
    );
  }
  if (code === 'EACCES' || message.includes('EACCES')) {
    return new UserError(
      `Port ${port} on ${host} needs more rights than this user has: choose a ${portSetting} above 1023`,
    );
  }
  return new UserError(
    `Cannot listen on ${host}:${port}: ${message}. "${host}" is ${hostSetting}: it must be an address of this machine, such as 0.0.0.0 or 127.0.0.1`,
  );
}

import type { PrettyOptions } from 'pino-pretty';

/** How logs are written for people: a line for each message, but for the stack of an error. */
export const PRETTY: PrettyOptions = {
  singleLine: true,
  // What the message of a request or call tells already.
  ignore: 'pid,method,path,status,grpc_method,grpc_code,ms',
  messageFormat: ({ msg, method, path, status, grpc_method, grpc_code, ms }) => {
    if (msg === 'request') return `${String(method)} ${String(path)} ${String(status)} ${String(ms)} ms`;
    if (msg === 'call') return `${String(grpc_method)} ${String(grpc_code)} ${String(ms)} ms`;
    return String(msg);
  },
};

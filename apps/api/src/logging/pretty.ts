import type { PrettyOptions } from 'pino-pretty';

/** Log format for people: one line per message, except for the stack of an error. */
export const PRETTY: PrettyOptions = {
  singleLine: true,
  // The message of a request or call already contains these.
  ignore: 'pid,method,path,status,grpc_method,grpc_code,ms',
  messageFormat: ({ msg, method, path, status, grpc_method, grpc_code, ms }) => {
    if (msg === 'request') return `${String(method)} ${String(path)} ${String(status)} ${String(ms)} ms`;
    if (msg === 'call') return `${String(grpc_method)} ${String(grpc_code)} ${String(ms)} ms`;
    return String(msg);
  },
};

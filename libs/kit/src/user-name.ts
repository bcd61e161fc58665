import { userInfo } from 'node:os';

/** The user's name. In containers the user id often has no name: then the id itself. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

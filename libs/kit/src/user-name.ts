import { userInfo } from 'node:os';

/** Who runs this. Containers often have a user id that nobody has given a name: then it stands for itself. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

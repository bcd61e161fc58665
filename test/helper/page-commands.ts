import { readFileSync } from 'node:fs';

/** The commands of a page, one per line. */
export function commandsIn(page: string): string[] {
  const lines = readFileSync(page, 'utf8').replaceAll('\\\n', ' ').split('\n');
  return lines
    .map((line) => line.trim().replace(/^\$ /, ''))
    .filter((line) => /^(npm|npx|node|curl|python3) /.test(line));
}

/** The path and body of `curl ... -d '<JSON>'`. */
export function requestIn(command: string): { path: string; body: string } {
  const [, path, body] = /localhost:\d+(\S+) .*-d '(.*)'/.exec(command)!;
  return { path, body };
}

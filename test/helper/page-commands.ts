import { readFileSync } from 'node:fs';

/** The commands of a page, each in one line: code is what stands further in than the text around it. */
export function commandsIn(page: string): string[] {
  const lines = readFileSync(page, 'utf8').replaceAll('\\\n', ' ').split('\n');
  return lines
    .map((line) => line.trim().replace(/^\$ /, ''))
    .filter((line) => /^(npm|npx|node|curl|python3) /.test(line));
}

/** What `curl ... -d '<JSON>'` sends, and where to. */
export function requestIn(command: string): { path: string; body: string } {
  const [, path, body] = /localhost:\d+(\S+) .*-d '(.*)'/.exec(command)!;
  return { path, body };
}

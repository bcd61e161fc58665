import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '#testing';
import { installed } from './debian.js';

/** Where Debian, Ubuntu and their like have its programs. */
const PROGRAMS = '/usr/lib/postgresql';
/** Debian's own user for it: it refuses to run as root. */
const USER = 'postgres';

function programs(): string | undefined {
  if (!existsSync(PROGRAMS)) return undefined;
  const versions = readdirSync(PROGRAMS).map(Number);
  return join(PROGRAMS, String(Math.max(...versions)), 'bin');
}

export interface Postgres {
  readonly url: string;
  readonly pid: number;
  /** All its processes, one for each connection among them. */
  family(): number[];
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A PostgreSQL server with an empty database, on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<Postgres> {
  const bin = installed('postgresql', programs);
  const folder = mkdtempSync(join(tmpdir(), 'skewless-postgres-'));
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const ids = isRoot
    ? ['u', 'g'].map((flag) => Number(execFileSync('id', [`-${flag}`, USER], { encoding: 'utf8' })))
    : [];
  const as = isRoot ? { uid: ids[0], gid: ids[1] } : {};
  if (isRoot) chownSync(folder, ids[0], ids[1]);
  const options = { ...as, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'skewless', '-A', 'trust', '-E', 'UTF8', '--no-sync'], options);
  const port = await freePort();
  writeFileSync(
    join(data, 'postgresql.auto.conf'),
    `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nlog_min_messages = fatal\n`,
  );
  const server = spawn(join(bin, 'postgres'), ['-D', data], options);
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  await until(() => {
    try {
      execFileSync(
        join(bin, 'pg_isready'),
        ['-h', '127.0.0.1', '-p', String(port), '-U', 'skewless', '-d', 'postgres'],
        {
          stdio: 'ignore',
        },
      );
      return true;
    } catch {
      return false;
    }
  });
  return {
    url: `postgres://skewless@127.0.0.1:${port}/postgres`,
    pid: server.pid!,
    family: () => [
      server.pid!,
      ...readFileSync(`/proc/${server.pid!}/task/${server.pid!}/children`, 'latin1').trim().split(' ').map(Number),
    ],
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

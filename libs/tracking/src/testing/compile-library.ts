import { transformFileSync } from '@swc/core';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesBelow } from '../store/keep-artifact.js';

const SOURCE = 'libs/tracking/src';

/** This library as plain JavaScript in a folder of its own, for a process that can be killed. */
export function compileLibrary(): string {
  // Below node_modules, so that what the library imports is found.
  mkdirSync('node_modules/.cache', { recursive: true });
  const target = mkdtempSync(resolve('node_modules/.cache/skewless-tracking-'));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  for (const file of filesBelow(SOURCE).filter((path) => !/^testing|\.spec\.ts$/.test(path))) {
    const { code } = transformFileSync(join(SOURCE, file), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    const path = join(target, file.replace(/ts$/, 'js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  return target;
}

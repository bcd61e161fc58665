/**
 * Preloaded into a process (`node --require`), copies RECORD_BELOW to a folder of RECORD_TO before each file operation that
 * changes something below it: 1, 2, 3 ... hold what would be on disk if the process had been killed just then. With
 * RECORD_WRITES, writes to open files, syncs and synchronous operations count, too.
 */
const { cpSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { beforeOperations } = require('./before-operations.cjs');

const { RECORD_BELOW, RECORD_TO, RECORD_WRITES } = process.env;
let operations = 0;
let isRecording = false;

/** A removal that goes on meanwhile, in a thread of Node, may take away what is being copied: then it is copied again. */
function copy(to) {
  for (;;) {
    try {
      return cpSync(RECORD_BELOW, to, { recursive: true, preserveTimestamps: true });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      rmSync(to, { recursive: true, force: true });
    }
  }
}

beforeOperations(RECORD_BELOW, RECORD_WRITES === '1', () => {
  if (isRecording) return;
  // The copy itself uses such operations.
  isRecording = true;
  copy(join(RECORD_TO, String(++operations)));
  isRecording = false;
});

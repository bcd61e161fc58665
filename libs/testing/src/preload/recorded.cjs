/**
 * Preloaded into a process (`node --require`), copies RECORD_BELOW to a folder of RECORD_TO before each file operation that
 * changes something below it: 1, 2, 3 ... hold what would be on disk if the process had been killed just then. With
 * RECORD_WRITES, writes to open files, syncs and synchronous operations count, too.
 */
const { cpSync } = require('node:fs');
const { join } = require('node:path');
const { beforeOperations } = require('./before-operations.cjs');

const { RECORD_BELOW, RECORD_TO, RECORD_WRITES } = process.env;
let operations = 0;
let isRecording = false;

beforeOperations(RECORD_BELOW, RECORD_WRITES === '1', () => {
  if (isRecording) return;
  // The copy itself uses such operations.
  isRecording = true;
  cpSync(RECORD_BELOW, join(RECORD_TO, String(++operations)), { recursive: true, preserveTimestamps: true });
  isRecording = false;
});

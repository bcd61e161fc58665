import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateData } from './generate-data.mjs';

/** Writes the same numbers for all, 80 % to train: by columns for Skewless, by rows for the others. @returns features */
export function writeData(directory, rows, options) {
  const { features, labels } = generateData(rows, options);
  const trainRows = Math.floor(rows * 0.8);
  writePart('train', 0, trainRows);
  writePart('test', trainRows, rows);
  return features.length;

  function writePart(part, from, to) {
    const columns = features.map((column) => column.subarray(from, to));
    const byRows = new Float32Array((to - from) * columns.length);
    columns.forEach((column, f) => column.forEach((value, row) => (byRows[row * columns.length + f] = value)));
    const bytes = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);
    writeFileSync(join(directory, `${part}.rows.f32`), byRows);
    writeFileSync(join(directory, `${part}.columns.f32`), Buffer.concat(columns.map(bytes)));
    writeFileSync(join(directory, `${part}.labels.u8`), labels.subarray(from, to));
  }
}

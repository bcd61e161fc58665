import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFile } from '#kit';
import { ifMissing } from './manifest.js';

const ENDING = '.json';

/** Reads notes: files of a folder, named by the URL-encoded name of the note. */
export async function readNotes(folder: string, prefix: string): Promise<ReadonlyMap<string, unknown>> {
  const files = (await readdir(folder).catch(ifMissing<string[]>([]))).filter((file) => file.endsWith(ENDING));
  const names = files.map((file) => decodeURIComponent(file.slice(0, -ENDING.length)));
  const notes = new Map<string, unknown>();
  for (const name of names.filter((each) => each.startsWith(prefix)).sort()) {
    const text = await readFile(pathOf(folder, name), 'utf8').catch(ifMissing(null));
    if (text !== null) notes.set(name, JSON.parse(text));
  }
  return notes;
}

export async function keepNote(folder: string, name: string, note: unknown): Promise<void> {
  if (note === null) return rm(pathOf(folder, name), { force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(pathOf(folder, name), JSON.stringify(note));
}

const pathOf = (folder: string, name: string): string => join(folder, encodeURIComponent(name) + ENDING);

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newStore } from '../testing/logged.js';
import { Journal, readJournal } from './journal.js';

describe('Journal', () => {
  it('holds what was appended, also for who opens it again', () => {
    const path = join(newStore(), 'journal.jsonl');
    const journal = Journal.open<unknown>(path);
    journal.append({ a: 1 }, 'line\nbreak');
    journal.append(null);
    journal.close();
    expect(journal.entries).toEqual([{ a: 1 }, 'line\nbreak', null]);
    expect(readJournal(path)).toEqual(journal.entries);
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n"line\\nbreak"\nnull\n');
  });

  it('takes a line that a crash cut short for not written', () => {
    const path = join(newStore(), 'journal.jsonl');
    appendFileSync(path, '1\n{"a":');
    expect(readJournal(path)).toEqual([1]);
    const journal = Journal.open<number>(path);
    journal.append(2);
    journal.close();
    expect(readJournal(path)).toEqual([1, 2]);
  });

  it('is empty where there is no file', () => {
    expect(readJournal(join(newStore(), 'none'))).toEqual([]);
  });
});

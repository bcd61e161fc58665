import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MISSING_TOKENS } from '#schema';
import { withDuckDb } from '#tables';
import { temporaryFolder } from '#testing';
import type { Task } from '#bundle';
import { inspectTable } from './inspect-table.js';

const folder = temporaryFolder();
const path = join(folder, 'table.csv');

/** A table of one column beside a target of two classes that has nothing to do with it. */
const table = (cells: readonly string[], header = 'x,y'): string =>
  `${header}\n${cells.map((cell, i) => `${cell},${(i * 7) % 5 < 2 ? 'yes' : 'no'}`).join('\n')}\n`;

async function inspect(text: string, target = 'y', task?: Task) {
  writeFileSync(path, text);
  return inspectTable({ path, dataPath: 'table.csv', name: 'table', target, task });
}

const columnX = async (cells: readonly string[]) => (await inspect(table(cells))).file.columns.get('x');
const cells = (cell: (i: number) => string | number): string[] => Array.from({ length: 60 }, (_, i) => String(cell(i)));

describe('inspectTable', () => {
  it.each([
    ['numbers', cells((i) => ((i * 37) % 23) / 4), { type: 'float', seen: [0, 5.5] }],
    ['whole numbers', cells((i) => (i * 7) % 13), { type: 'integer', seen: [0, 12] }],
    ['gaps', cells((i) => (i % 4 === 0 ? 'NA' : i % 9)), { type: 'integer', nullable: true, seen: [0, 8] }],
    [
      'tokens of its own',
      cells((i) => (i % 6 === 0 ? '?' : i % 7 === 0 ? 'NA' : (i * 3) % 11)),
      { type: 'integer', nullable: true, missing: ['', 'NA', '?'], seen: [0, 10] },
    ],
    ['truths', cells((i) => (i % 3 === 0 ? 'True' : 'False')), { type: 'boolean' }],
    [
      'categories, whatever they are called',
      cells((i) => ['__proto__', 'constructor', 'é'][i % 3]),
      { type: 'category', codes: 'text', values: ['__proto__', 'constructor', 'é'], unknown: 'other' },
    ],
    ['days', cells((i) => `2024-01-${String(10 + (i % 20))}`), { type: 'date', seen: ['2024-01-10', '2024-01-29'] }],
    [
      'times without a zone',
      cells((i) => `2024-01-10 0${i % 9}:00:00`),
      { type: 'datetime', timezone: 'UTC', seen: ['2024-01-10T00:00:00Z', '2024-01-10T08:00:00Z'] },
    ],
    [
      'postcodes',
      cells((i) => `0123${i % 7}`),
      { type: 'category', codes: 'text', values: cells((i) => `0123${i}`).slice(0, 7), unknown: 'other' },
    ],
  ])('takes a column of %s for what it is', async (_what, column, expected) => {
    expect(await columnX(column)).toEqual(expected);
  });

  it.each([
    [
      'that numbers the rows',
      cells((i) => 1_000 + i),
      /^60 different whole numbers in 60 rows, so it is a row number or an identifier$/,
    ],
    ['of names', cells((i) => `row ${i}`), /^60 different values in 60 rows$/],
    ['of one value', cells(() => 'k'), /^it has the same value in all rows$/],
    ['without a value', cells(() => ''), /^it has no value in any row$/],
    [
      'that is the target in other words',
      cells((i) => ((i * 7) % 5 < 2 ? 'Y' : 'N')),
      /^on its own it predicts the target for 100 % of unseen rows/,
    ],
  ])('switches a column off %s', async (_what, column, why) => {
    const text = table(
      column.map((cell, i) => `${cell},${(i * 11) % 17}`),
      'x,other,y',
    );
    const { file, notes } = await inspect(text);
    expect(file.columns.get('x')).toMatchObject({ use: false, why: expect.stringMatching(why) as string });
    expect(notes.at(-1)).toBe(`"x" is not used: ${file.columns.get('x')!.why}`);
  });

  it('tells of float32 between which numbers training finds it', async () => {
    const file = join(folder, 'table.parquet');
    const rows =
      "SELECT (0.1 + i % 7)::FLOAT AS x, i % 11 AS other, ['yes', 'no'][1 + i * 7 % 5 % 2] AS y FROM range(60) AS of(i)";
    await withDuckDb({}, (connection) => connection.run(`COPY (${rows}) TO '${file}' (FORMAT parquet)`));
    const { file: found } = await inspectTable({ path: file, dataPath: 'table.parquet', name: 'table', target: 'y' });
    expect(found.columns.get('x')).toEqual({ type: 'float', seen: [Math.fround(0.1), Math.fround(6.1)] });
  });

  it('switches off a number that is the target in another unit', async () => {
    const rows = cells((i) => `${((i * 37) % 61) * 2.5},${(i * 11) % 7},${(i * 37) % 61}.5`);
    const { file } = await inspect(`euros,other,price\n${rows.join('\n')}\n`, 'price');
    expect(file.task).toBe('regression');
    expect([...file.columns].map(([name, { use }]) => [name, use])).toEqual([
      ['euros', false],
      ['other', undefined],
    ]);
  });

  it.each([
    ['two texts', cells((i) => (i % 2 ? 'b' : 'a')), 'binary'],
    ['two numbers', cells((i) => i % 2), 'binary'],
    ['labels as codes', cells((i) => i % 3), 'multiclass'],
    ['several texts', cells((i) => 'abcd'[i % 4]), 'multiclass'],
    ['numbers', cells((i) => i + 0.5), 'regression'],
  ])('predicts a target of %s', async (_what, column, task) => {
    const { file } = await inspect(`x,y\n${column.map((cell, i) => `${(i * 7) % 11},${cell}`).join('\n')}\n`);
    expect(file.task).toBe(task);
  });

  it.each([
    [
      'few whole numbers',
      cells((i) => 3 + (i % 6)),
      undefined,
      /6 different whole numbers.*--task multiclass or --task regression/,
    ],
    ['one value', cells(() => 1), undefined, /"y" has the same value in all rows/],
    ['no value', cells(() => ''), undefined, /"y" has no value in any row/],
    ['texts, as numbers', cells((i) => 'ab'[i % 2]), 'regression', /"y" has 60 values that are not numbers/],
    ['three classes, as two', cells((i) => i % 3), 'binary', /"y" has 3 different values; a binary task has 2/],
  ] as const)('refuses a target of %s', async (_what, column, task, message) => {
    await expect(
      inspect(`x,y\n${column.map((cell, i) => `${i % 11},${cell}`).join('\n')}\n`, 'y', task),
    ).rejects.toThrow(message);
  });

  it('leaves it to people what a date or a number means that may mean more than one', async () => {
    const [day, month] = ['%d/%m/%Y', '%m/%d/%Y'].map((format) => `"x": { type: date, format: "${format}" }`);
    const ambiguous = await inspect(table(cells((i) => `${1 + (i % 4)}/${1 + (i % 11)}/2023`)));
    expect([ambiguous.file.columns.get('x')!.type, ambiguous.choices.get('x')]).toEqual(['text', [day, month]]);
    expect(ambiguous.notes).toContainEqual(
      expect.stringMatching(
        /^"x" is read as text, because its dates, such as \d+\/\d+\/2023, fit more than one format/,
      ),
    );
    const short = await inspect(table(cells((i) => `${13 + (i % 12)}.12.23`)));
    expect(short.choices.get('x')).toEqual(
      ['%d.%m.%y', '%y.%m.%d'].map((format) => `"x": { type: date, format: "${format}" }`),
    );
    const seconds = await inspect(
      table(
        cells((i) => 1_700_000_000 + (i % 50)),
        'created_at,y',
      ),
    );
    const choice = '"created_at": { type: datetime, format: "epoch_seconds" }';
    expect([seconds.file.columns.get('created_at')!.type, seconds.choices.get('created_at')]).toEqual([
      'integer',
      [choice],
    ]);
    expect(seconds.notes).toContain(
      `"created_at" holds whole numbers; if they are times from 2023-11-14 to 2023-11-14, write ${choice}`,
    );
    expect((await inspect(table(cells((i) => 1_700_000_000 + (i % 50))))).choices.size).toBe(0);
  });

  it('takes dates for what they are where one format alone fits them', async () => {
    const rows = cells((i) =>
      [
        `${1 + (i % 28)}.${1 + (i % 12)}.2023`,
        `${1 + (i % 12)}/${1 + (i % 28)}/2023`,
        `"12/${1 + (i % 28)}/2023, 11:${10 + (i % 9)}:00 PM"`,
        `${1 + (i % 28)}-Jan-2023 10:00 +0100`,
        `${1 + (i % 12)}/${2020 + (i % 3)}`,
        `0${1 + (i % 9)}-${2345 + (i % 4)}`,
      ].join(),
    );
    const { file } = await inspect(table(rows, 'day,us,time,zoned,month,part,y'));
    expect(Object.fromEntries(file.columns)).toEqual({
      day: { type: 'date', format: '%d.%m.%Y', seen: ['01.01.2023', '24.12.2023'] },
      us: { type: 'date', format: '%m/%d/%Y', seen: ['01/01/2023', '12/24/2023'] },
      time: {
        type: 'datetime',
        format: '%m/%d/%Y, %I:%M:%S %p',
        timezone: 'UTC',
        seen: ['12/01/2023, 11:10:00 PM', '12/28/2023, 11:11:00 PM'],
      },
      zoned: {
        type: 'datetime',
        format: '%d-%b-%Y %H:%M %z',
        seen: ['01-Jan-2023 09:00 +0000', '28-Jan-2023 09:00 +0000'],
      },
      month: { type: 'date', format: '%m/%Y', seen: ['01/2020', '12/2022'] },
      part: { type: 'text' },
    });
  });

  it('tells of numbers that signs keep from being read as such, and nothing of codes with digits', async () => {
    const numbers = {
      thousands: ['1,234.50', 'thousands separators'],
      comma: ['12,5', 'a comma before the fraction'],
      percent: ['12.5 %', 'a percent sign'],
      currency: ['€ 12.50', 'a currency sign'],
      both: ['($1,234.50)', 'a currency sign'],
      behind: ['-$12', 'a currency sign'],
    };
    const rows = cells((i) =>
      [...Object.values(numbers).map(([number]) => (i % 3 === 0 ? `"${number}"` : i % 9)), `${i % 9}A`].join(),
    );
    const { notes } = await inspect(table(rows, [...Object.keys(numbers), 'code', 'y'].join()));
    expect(notes.slice(1)).toEqual(
      Object.entries(numbers).map(
        ([name, [number, what]]) =>
          `"${name}" holds numbers with ${what}, such as ${number}: they are read as text; remove these characters from the file, and run init again`,
      ),
    );
  });

  it('names the few texts that keep a column of numbers from being one, and how to declare them missing', async () => {
    const rows = cells(
      (i) => `${i / 7},${i % 8 === 0 ? `n${i}` : i / 9},${i % 30 === 7 ? 'sold out' : i / 11},${'ab'[i % 2]}`,
    );
    const { notes } = await inspect(`x,many,few,y\n${rows.join('\n')}\n`);
    expect(notes.slice(1, 3)).toEqual([
      expect.stringMatching(
        /^"many" is read as text: 52 of its 60 values are numbers, but others are not, such as "n0".*; correct these cells, and run init again$/,
      ),
      '"few" is read as text: 58 of its 60 values are numbers, but others are not, such as "sold out"; correct these cells and run init again, or, if they mean that there is no value, write "few": { type: float, nullable: true, missing: ["","sold out"] }',
    ]);
  });

  it('tells of rows without a label, of thousands separators and of dates in more than one form', async () => {
    const rows = cells(
      (i) =>
        `"1,${String(100 + (i % 9))}",${i % 7 === 0 ? '20.12.2020' : `${1 + (i % 3)}/${1 + (i % 20)}/2020`},${i % 6 === 0 ? '' : 'ab'[i % 2]}`,
    );
    const { unlabelled, notes } = await inspect(`price,day,y\n${rows.join('\n')}\n`);
    expect(unlabelled).toBe(10);
    expect(notes).toEqual([
      expect.stringMatching(/^task: binary/),
      expect.stringMatching(
        /^"price" holds numbers with thousands separators, such as 1,\d{3}: they are read as text; /,
      ),
      expect.stringMatching(
        /^"day" looks like dates, such as .*, but not all have the same format, so they are read as text; write them as YYYY-MM-DD/,
      ),
    ]);
  });

  it.each([
    ['nein', 'ja', 'ja'],
    ['Нет', 'Да', 'Да'],
    ['no', 'yes', 'yes'],
    ['bad', 'ok', 'ok'],
  ])('answers the probability of a yes: of %s and %s it is %s', async (no, yes, positive) => {
    const { file } = await inspect(`x,y\n${cells((i) => `${i % 11},${i % 3 === 0 ? yes : no}`).join('\n')}\n`);
    expect(file.positive).toBe(positive);
  });

  it('takes "None" for a word where texts are, and for no value elsewhere', async () => {
    const rows = cells(
      (i) =>
        `${i % 4 === 0 ? 'None' : 'ab'[i % 2]},${i % 5 === 0 ? 'None' : i % 9},${i % 6 === 0 ? 'NA' : i % 7},${i % 3 === 0 ? 'None' : 'Minor'}`,
    );
    const { file, unlabelled, notes } = await inspect(`kind,size,age,y\n${rows.join('\n')}\n`);
    expect([file.task, file.positive, unlabelled]).toEqual(['binary', 'None', 0]);
    expect(Object.fromEntries(file.columns)).toEqual({
      kind: { type: 'category', codes: 'text', values: ['None', 'a', 'b'], unknown: 'other' },
      size: { type: 'integer', nullable: true, missing: ['', 'None'], seen: [0, 8] },
      age: { type: 'integer', nullable: true, seen: [0, 6] },
    });
    expect(file.sections.data).toEqual({ missing: MISSING_TOKENS.filter((token) => token !== 'None') });
    expect(notes).toContain('"None" is read as a value in text columns; data.missing lists what counts as missing');
  });

  it('takes "None" for no value where it says nothing but that', async () => {
    const { file, unlabelled } = await inspect(
      `x,y\n${cells((i) => `${i % 9},${i % 4 === 0 ? 'None' : (i % 5) + 0.5}`).join('\n')}\n`,
    );
    expect([file.task, unlabelled, file.sections.data]).toEqual(['regression', 15, undefined]);
  });

  it.each([
    ['a target that is not there', 'a,b\n1,2\n', /has no column "y"\. Its header is "a", "b"/],
    ['a target in other letters', 'a,Y \n1,2\n', /has no column "y"\. Did you mean "Y"\? Its header is "a", "Y"/],
    ['a column twice', 'x,x,y\n1,2,3\n', /has the column "x" twice/],
    [
      'lines of another length',
      'x,y\n1,a\n2,b,3\n3,a\n',
      /has 1 malformed line; the first is row 2 below the header: /,
    ],
    ['no rows', 'x,y\n', /has a header but no rows/],
  ])('refuses a table with %s', async (_what, text, message) => {
    await expect(inspect(text)).rejects.toThrow(message);
  });
});

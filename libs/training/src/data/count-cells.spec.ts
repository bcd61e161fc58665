import { type DuckDBConnection, type LoadedColumn, withDuckDb } from '#tables';
import { countCells } from './count-cells.js';

const columns = Array.from({ length: 100 }, (_, i): LoadedColumn => {
  const name = `n${i}`;
  return { name, type: 'float', nullable: true, value: `x${i}`, raw: `raw${i}` };
});

/** A connection that counts the reads of a table. */
function counted(connection: DuckDBConnection): { connection: DuckDBConnection; readings: () => number } {
  let readings = 0;
  const stream: DuckDBConnection['stream'] = (...given) => {
    readings++;
    return connection.stream(...given);
  };
  const watched = Object.create(connection, { stream: { value: stream } }) as DuckDBConnection;
  return { connection: watched, readings: () => readings };
}

const counts = (rows: number): Promise<{ readings: number; cells: Awaited<ReturnType<typeof countCells>> }> =>
  withDuckDb({}, async (plain) => {
    const values = columns.map(({ value }, i) => `CASE WHEN i % 3 = 0 THEN NULL ELSE ${i} END AS ${value}`);
    await plain.run(`CREATE VIEW present AS SELECT ${values.join(', ')} FROM range(6) AS of(i)`);
    const { connection, readings } = counted(plain);
    return { cells: await countCells(connection, columns, rows), readings: readings() };
  });

it('reads a wide table once, not once a column', async () => {
  const { readings, cells } = await counts(6);
  expect(readings).toBe(1);
  expect(Object.keys(cells)).toEqual(columns.map(({ name }) => name));
  expect(cells.n7).toMatchObject({ missing: 2, minimum: 7 });
});

it('reads a long one in pieces that fit into memory, with the same counts', async () => {
  const [wide, long] = [await counts(6), await counts(400_000)];
  expect(long.readings).toBe(5);
  expect(long.cells).toEqual(wide.cells);
});

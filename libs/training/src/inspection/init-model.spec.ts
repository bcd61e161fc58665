import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { initModel } from './init-model.js';

const home = temporaryFolder();
const table = `size,kind\n${Array.from({ length: 20 }, (_, i) => `${i * i},${i % 3 === 0 ? 'a' : 'b'}`).join('\n')}\n`;

it.each([
  ['sales figures (2024).csv', 'sales_figures_2024'],
  ['häuser.csv', 'hauser'],
  ['Straße ñ.csv', 'Stra_e_n'],
])('A model is called as its table %s, made valid: %s', async (file, name) => {
  writeFileSync(join(home, file), table);
  const result = await initModel({ file: join(home, file), target: 'kind', home });
  expect([result.name, result.path]).toEqual([name, join(home, `config/models/${name}.yaml`)]);
});

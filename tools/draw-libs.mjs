import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Draws the libs on their floors into docs/architecture.md; with --check it only checks whether the picture matches the
// code.

const PAGE = 'docs/architecture.md';
const PICTURE = /(?<=<!-- node tools\/draw-libs\.mjs -->\n\n)```mermaid\n[\s\S]*?```/;

/** Which libs each lib imports; specs do not count. */
function dependencies() {
  const graph = new Map();
  for (const file of readdirSync('libs', { recursive: true })) {
    const [lib] = file.split(/[\\/]/);
    if (lib === 'testing' || !file.endsWith('.ts') || /\.spec\.ts$|[\\/](testing|assembly)[\\/]/.test(file)) continue;
    const own = graph.get(lib) ?? new Set();
    graph.set(lib, own);
    for (const [, other] of readFileSync(join('libs', file), 'utf8').matchAll(/(?:from |import\()'#([a-z]+)'/g))
      own.add(other);
  }
  return graph;
}

const reached = (graph, lib) => new Set([...(graph.get(lib) ?? [])].flatMap((to) => [to, ...reached(graph, to)]));

/** Direct imports that do not follow from others: a picture of all imports would be unreadable. */
const direct = (graph, lib) =>
  [...graph.get(lib)].filter((to) => ![...graph.get(lib)].some((other) => reached(graph, other).has(to))).sort();

function draw(floors, graph) {
  const boxes = floors.map((libs, floor) => `  subgraph floor${floor}[ ]\n    ${libs.join('\n    ')}\n  end`).reverse();
  const arrows = [...graph.keys()].sort().flatMap((lib) => direct(graph, lib).map((to) => `  ${lib} --> ${to}`));
  return ['```mermaid', 'flowchart TD', ...boxes, ...arrows, '```'].join('\n');
}

const picture = draw(JSON.parse(readFileSync('libs/floors.json', 'utf8')), dependencies());
const page = readFileSync(PAGE, 'utf8');
if (!process.argv.includes('--check')) writeFileSync(PAGE, page.replace(PICTURE, picture));
else if (PICTURE.exec(page)?.[0] !== picture) {
  console.error(`${PAGE} draws other libs than there are: node tools/draw-libs.mjs`);
  process.exitCode = 1;
}

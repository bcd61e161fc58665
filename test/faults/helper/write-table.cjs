const { readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { cpus } = require('node:os');
const { join } = require('node:path');

const HEAD = `# Reliability

Faults that are inflicted on the server on purpose, what must hold under each, and what was observed. The last run of \`npm run test:faults\` wrote
this page; each row is a test in \`test/faults\` that fails if what must hold does not.
`;

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Makes docs/reliability.md of what the specs recorded; a run of some specs only, or a bounded one, leaves it alone. */
module.exports = ({ testPathPatterns, nonFlagArgs }) => {
  const record = process.env.FAULTS_RECORD;
  const rows = readdirSync(record)
    .sort()
    .flatMap((file) => readFileSync(join(record, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line));
  rmSync(record, { recursive: true });
  const isPartial = (testPathPatterns?.patterns ?? nonFlagArgs ?? []).length > 0;
  if (isPartial || process.env.FAULTS === 'bounded' || rows.length === 0) {
    for (const { fault, observed } of rows) process.stdout.write(`${fault}: ${observed}\n`);
    return;
  }
  const run = `Run of ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores.`;
  const areas = [...new Set(rows.map(({ area }) => area))].map((area) => {
    const own = rows.filter((row) => row.area === area);
    const table = own.map((row) => `| ${[row.fault, row.load, row.expected, row.observed].map(cell).join(' | ')} |`);
    return `## ${area}\n\n| fault | load | expected | observed |\n| --- | --- | --- | --- |\n${table.join('\n')}\n`;
  });
  writeFileSync('docs/reliability.md', `${HEAD}\n${run}\n\n${areas.join('\n')}`);
};

import { stringify } from 'yaml';
import { PIPELINE_SETTINGS, SERVER_SETTINGS } from './settings/index.js';
import type { Sections, Setting } from './settings/setting.js';

const GROUPS = [
  ['Settings of the server. Each can be overridden by the environment variable named beside it.', SERVER_SETTINGS],
  ['Settings of the command line (npx skewless <command>); --set section.key=value overrides one.', PIPELINE_SETTINGS],
] as const;

/** A value on one line, as YAML writes it. */
const inline = (value: unknown): string =>
  stringify(value, { collectionStyle: typeof value === 'string' ? 'any' : 'flow', singleQuote: true, lineWidth: 0 })
    .trim()
    .replace(/\[ (.*?) \]/g, '[$1]');

/** Markdown as plain text for a comment: without code marks, and with links replaced by their files. */
const plain = (markdown: string): string => markdown.replaceAll('`', '').replace(/\[[^\]]*\]\(([^)]*)\)/g, 'docs/$1');

function yamlLine([key, { env, flag, sentence, ...setting }]: [string, Setting]): string {
  const sources = [env, flag].filter(Boolean).join(', ');
  const value = 'default' in setting ? `${key}: ${inline(setting.default)}` : `# ${key}: ${inline(setting.example)}`;
  return `  ${value} # ${sources ? `${sources}: ` : ''}${plain(sentence)}\n`;
}

const yamlSections = (sections: Sections): string =>
  Object.entries(sections)
    .map(([name, { sentence, settings }]) => {
      const head = sentence ? `${name}: # ${sentence}\n` : `${name}:\n`;
      return head + Object.entries(settings).map(yamlLine).join('');
    })
    .join('\n');

/** `config/config.yaml`, as it ships. */
export const configYaml = (): string =>
  GROUPS.map(([head, sections]) => `# ${head}\n${yamlSections(sections)}`).join('\n');

const tableRows = (sections: Sections): string[][] =>
  Object.entries(sections).flatMap(([section, { settings }]) =>
    Object.entries(settings).map(([key, { env, flag, sentence, ...setting }]) => [
      `\`${section}.${key}\``,
      env ? `\`${env}\`` : '',
      'default' in setting ? `\`${inline(setting.default)}\`` : 'not set',
      flag ? `${sentence}; flag \`${flag}\`` : sentence,
    ]),
  );

/** A Markdown table, as Prettier aligns it. */
function markdownTable(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |\n`;
  const [head, ...body] = rows.map(line);
  return head + line(widths.map((width) => '-'.repeat(width))) + body.join('');
}

const MARKED = /(?<=<!-- npm run settings -->\n\n)(?:\|.*\n)*/g;

/** docs/configuration.md with the generated tables of the settings, for the server and for the command line. */
export function withSettings(page: string): string {
  const tables = GROUPS.map(([, sections]) =>
    markdownTable([['setting', 'environment', 'default', 'what'], ...tableRows(sections)]),
  );
  return page.replace(MARKED, () => tables.shift() ?? '');
}

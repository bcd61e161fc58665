/** Text that is HTML already. */
export class Html {
  constructor(private readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Content = string | number | Html | readonly Html[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function asHtml(content: Content): string {
  if (content instanceof Html) return content.toString();
  if (typeof content === 'object') return content.join('\n');
  return String(content).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A template whose values are escaped, in elements and in quoted attributes, unless they are HTML themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(asHtml)));
}

/** Text that is already HTML. */
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

/** A template that escapes its values, for elements and quoted attributes; values that are already HTML are kept. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(asHtml)));
}

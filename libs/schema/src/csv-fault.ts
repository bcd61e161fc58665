/** What csv-parse says, by its error code, in words that name the line. Other errors keep their message. */
const WORDS: Readonly<Record<string, (line: string, message: string) => string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: lengthWords,
  CSV_RECORD_INCONSISTENT_COLUMNS: lengthWords,
  CSV_QUOTE_NOT_CLOSED: (line) => `a quote is opened in line ${line} and never closed`,
  INVALID_OPENING_QUOTE: (line) => `line ${line} has a quote inside a cell that does not start with one`,
  CSV_INVALID_CLOSING_QUOTE: (line) => `line ${line} has text after the quote that ends a cell`,
};

function lengthWords(line: string, message: string): string {
  const [, expected, found] = /(\d+), got (\d+)/.exec(message)!;
  return `line ${line} has ${found} ${found === '1' ? 'cell' : 'cells'}, but the header has ${expected}`;
}

/** The fault that stopped csv-parse, in words, without a full stop. */
export function csvFault(error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string };
  const line = /line (\d+)/.exec(message)?.[1];
  return line !== undefined && Object.hasOwn(WORDS, code) ? WORDS[code](line, message) : message;
}

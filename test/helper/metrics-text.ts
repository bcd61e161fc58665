interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text]),
    ),
    value: Number(value),
  }));
}

/** The value of the series with exactly these labels; `undefined` if there is none. */
export function sampleOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const key = (of: object): string => JSON.stringify(Object.entries(of).sort());
  return samplesOf(text).find((sample) => sample.name === name && key(sample.labels) === key(labels))?.value;
}

/** The sum of all series whose labels include these. */
export function sumOf(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const fits = (of: Sample['labels']): boolean => Object.entries(labels).every(([label, value]) => of[label] === value);
  return samplesOf(text)
    .filter((sample) => sample.name === name && fits(sample.labels))
    .reduce((sum, { value }) => sum + value, 0);
}

/** The metrics of a scrape: type, number of series, and label names, except `le`. */
export function metricsOf(text: string): { name: string; type: string; series: number; labels: string[] }[] {
  const samples = samplesOf(text);
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => {
    const own = samples.filter(
      (sample) => sample.name === name || sample.name.replace(/_(bucket|sum|count)$/, '') === name,
    );
    const labels = new Set(own.flatMap((sample) => Object.keys(sample.labels)));
    labels.delete('le');
    return { name, type, series: own.length, labels: [...labels].sort() };
  });
}

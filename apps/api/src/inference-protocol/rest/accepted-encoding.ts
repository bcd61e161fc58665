const ENCODINGS = ['gzip', 'deflate'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** The supported content coding that a client prefers; `undefined` for none. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  let best: Encoding | undefined;
  let weight = 0;
  for (const item of header?.split(',') ?? []) {
    const [name, ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const own = quality === undefined ? 1 : Number(quality.slice(2));
    if (ENCODINGS.includes(name as Encoding) && own > weight) [best, weight] = [name as Encoding, own];
  }
  return best;
}

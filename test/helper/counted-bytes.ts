/** Bytes that count how often each is read; decoding a slice to text counts each byte once. */
export function countedBytes(buffer: Buffer): { bytes: Buffer; looks: () => number } {
  let looks = 0;
  const bytes = new Proxy(buffer, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (key === 'toString') looks += (args[2] as number) - (args[1] as number);
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { bytes, looks: () => looks };
}

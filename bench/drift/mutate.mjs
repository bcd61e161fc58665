let mutant;

export function initialize(data) {
  mutant = data;
}

/** Loads the built code with a mistake in it. */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith(`/dist/${mutant.file}`)) return loaded;
  const source = String(loaded.source);
  if (!source.includes(mutant.from)) throw new Error(`${mutant.file} holds no ${mutant.from}`);
  return { ...loaded, source: source.replaceAll(mutant.from, mutant.to) + (mutant.more ?? '') };
}

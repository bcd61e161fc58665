import type { ServedModel } from '#runtime';
import { UNKNOWN_CODE } from '#schema';

type Column = (values: Float64Array) => Float64Array;

const same: Column = (values) => values;

/**
 * Converts rows of one version for another: columns by name, and codes by the values they represent, because each
 * version has its own codes.
 */
export function columnMap(from: ServedModel, to: ServedModel): (columns: readonly Float64Array[]) => Float64Array[] {
  const places = new Map(from.inputs.map(({ name }, place) => [name, place]));
  const columns = to.inputs.map(({ name }, place) => {
    const source = places.get(name)!;
    const [old, young] = [from.inputs[source], to.inputs[place]];
    const hasCodes = 'values' in old && old.values !== undefined && 'values' in young && young.values !== undefined;
    if (!hasCodes) return { source, convert: same };
    const reader = to.readers[place];
    const codes = (old.values as readonly (string | number)[]).map((value) => {
      const read = reader.fromJson(value);
      return typeof read === 'number' ? read : UNKNOWN_CODE;
    });
    const convert: Column = (values) => values.map((code) => (code >= 0 ? codes[code] : code));
    return { source, convert };
  });
  return (given) => columns.map(({ source, convert }) => convert(given[source]));
}

import type { LayoutMemory } from '#kernels';
import type { TreeEnsemble } from '#onnx';

/** The arrays of an ensemble, in the order of `Ensemble` of the kernels. */
const ARRAYS = [
  'feature',
  'threshold',
  'comparison',
  'missingLeft',
  'left',
  'right',
  'setStart',
  'setCodes',
  'roots',
  'firstOutput',
  'leafValues',
] as const;

/** Where each array of an ensemble is in the memory of layouts, in bytes. */
export type EnsemblePlaces = Readonly<Record<(typeof ARRAYS)[number], number>>;

/** What {@link TreeEnsemble} holds, in the memory of layouts. */
export interface PlacedEnsemble extends Pick<TreeEnsemble, 'features' | 'outputs' | 'input' | 'leafWidth'> {
  readonly memory: LayoutMemory;
  readonly nodes: number;
  readonly trees: number;
  readonly leaves: number;
  /** Codes of all sets. */
  readonly codes: number;
  readonly places: EnsemblePlaces;
}

/** Puts the fields of an ensemble where kernels read them. @returns where they are */
export function ensembleStruct(ensemble: PlacedEnsemble): number {
  const { memory, nodes, features, trees, leaves, leafWidth, input, places } = ensemble;
  const arrays = ARRAYS.map((name) => places[name]);
  return memory.struct(nodes, features, trees, leaves, leafWidth, Number(input === 'float64'), ...arrays);
}

/** Copies an ensemble into the memory of layouts. */
export function placeEnsemble(memory: LayoutMemory, ensemble: TreeEnsemble): PlacedEnsemble {
  const { features, outputs, input, leafWidth, leafValues, left, roots, setCodes } = ensemble;
  return {
    memory,
    features,
    outputs,
    input,
    leafWidth,
    nodes: left.length,
    trees: roots.length,
    leaves: leafValues.length / leafWidth,
    codes: setCodes.length,
    places: Object.fromEntries(ARRAYS.map((name) => [name, memory.put(ensemble[name])])) as EnsemblePlaces,
  };
}

type Questions = Pick<TreeEnsemble, 'feature' | 'comparison' | 'missingLeft' | 'left' | 'setStart' | 'setCodes'>;

/** Views of what nodes ask, valid until the memory grows. */
export function questionsOf({ memory, nodes, codes, places }: PlacedEnsemble): Questions {
  return {
    feature: memory.int32s(places.feature, nodes),
    comparison: memory.bytes(places.comparison, nodes),
    missingLeft: memory.bytes(places.missingLeft, nodes),
    left: memory.int32s(places.left, nodes),
    setStart: memory.int32s(places.setStart, nodes + 1),
    setCodes: memory.int32s(places.setCodes, codes),
  };
}

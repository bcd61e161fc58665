import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Bundle, readBundle } from '#bundle';
import { FeaturePipeline } from '#features';
import { LayoutMemory } from '#kernels';
import { TURNED_FOREST, tinyBundle } from '#testing';
import { type InferenceOptions, ServedModel } from './served-model.js';
import type { Verdict } from './verdict.js';

const bundleOf = (options: Parameters<typeof tinyBundle>[0] = {}): Bundle => {
  const { manifest, ...contents } = tinyBundle(options);
  return { ...contents, manifest: { ...manifest, files: {} as never }, directory: 'tiny/1' };
};
const TINY = bundleOf();
const ELSEWHERE = 'As another process found';

async function verdictOf(bundle: Bundle, options?: Partial<InferenceOptions>, given?: Verdict): Promise<Verdict> {
  const model = await ServedModel.open(
    bundle,
    new FeaturePipeline(),
    { threads: 1, maxPendingRows: 1, ...options },
    given,
  );
  await model.close();
  return model.verdict;
}

/** The verdict of a version, told apart from one that this process would find. */
async function elsewhere(bundle: Bundle): Promise<Verdict> {
  const { choice, ...verdict } = await verdictOf(bundle);
  return { ...verdict, choice: { ...choice, engine_reason: ELSEWHERE } };
}

describe('A version that another process has proven', () => {
  it.each([
    ['of classes', TINY],
    ['shipped', undefined],
  ])('is computed by its kernel, as that process found: %s', async (_, given) => {
    const bundle = given ?? (await readBundle('models/random_forest/1'));
    const verdict = await elsewhere(bundle);
    expect(verdict.choice.engine).toBe('kernel');
    expect(await verdictOf(bundle, {}, verdict)).toBe(verdict);
    expect(await verdictOf(bundle, { batchThreads: 2 }, verdict)).toBe(verdict);
  });

  it('is proven here where its kernel gives other scores than that process saw', async () => {
    const verdict = await elsewhere(bundleOf({ forest: TURNED_FOREST }));
    expect(await verdictOf(TINY, {}, verdict)).toEqual(await verdictOf(TINY));
  });

  it('is proven here where that process says nothing of scores, or found ONNX Runtime', async () => {
    const { parity, choice } = await elsewhere(TINY);
    const own = await verdictOf(TINY);
    expect(await verdictOf(TINY, {}, { parity, choice })).toEqual(own);
    expect(await verdictOf(TINY, {}, { parity, choice: { ...choice, engine: 'onnxruntime' } })).toEqual(own);
  });

  it('keeps neither the bytes of its model nor the memory of its layout', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const left: WeakRef<object>[] = [];
    const own = Object.getOwnPropertyDescriptor(LayoutMemory.prototype, 'reserve')!;
    const reserve = own.value as LayoutMemory['reserve'];
    LayoutMemory.prototype.reserve = function (this: LayoutMemory, bytes) {
      left.push(new WeakRef(this));
      return reserve.call(this, bytes);
    };
    const open = async (): Promise<ServedModel> => {
      const bundle = await readBundle('models/random_forest/1');
      left.push(new WeakRef(bundle.model));
      return ServedModel.open(
        bundle,
        new FeaturePipeline(),
        { threads: 1, maxPendingRows: 1 },
        await elsewhere(bundle),
      );
    };
    const model = await open().finally(() => Object.defineProperty(LayoutMemory.prototype, 'reserve', own));
    // A weak reference holds its object until the end of the turn.
    await new Promise(setImmediate);
    collectGarbage();
    expect(left.length).toBeGreaterThan(1);
    expect(left.filter((object) => object.deref() !== undefined)).toEqual([]);
    expect(model.verdict.choice.engine).toBe('kernel');
    await model.close();
  });

  it('is refused where it does not reproduce its golden rows', async () => {
    const [first, ...others] = TINY.golden.rows;
    const verdict = await elsewhere(TINY);
    const changed = { ...first, probabilities: [...first.probabilities].reverse() };
    const bundle = { ...TINY, golden: { ...TINY.golden, rows: [changed, ...others] } };
    await expect(verdictOf(bundle, {}, verdict)).rejects.toThrow(/^tiny\/1\/golden.json: rows\[0\]: probability of /);
  });

  it('is computed by ONNX Runtime where that is asked for', async () => {
    const { choice } = await verdictOf(TINY, { engine: 'onnxruntime' }, await elsewhere(TINY));
    expect(choice.engine).toBe('onnxruntime');
  });
});

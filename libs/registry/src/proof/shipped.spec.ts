import { readBundle } from '#bundle';
import { FeaturePipeline } from '#features';
import { ServedModel } from '#runtime';
import { identityOf } from './identity.js';
import { SHIPPED } from './shipped.js';

it('The version that ships with the product has the verdict that ONNX Runtime gives', async () => {
  const bundle = await readBundle('models/random_forest/1');
  const model = await ServedModel.open(bundle, new FeaturePipeline(), { threads: 1, maxPendingRows: 1 });
  await model.close();
  expect([...SHIPPED]).toEqual([[identityOf(bundle.manifest), model.verdict]]);
});

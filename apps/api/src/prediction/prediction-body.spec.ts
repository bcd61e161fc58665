import fc from 'fast-check';
import { predictionBody } from './prediction-body.js';

function sent(body: ReturnType<typeof predictionBody>): string {
  let text = '';
  const response = { sendWhole: (_status: number, _type: string, all: string) => (text = all) };
  body.send(response, 200);
  return text;
}

it('predictionBody writes what JSON.stringify would', () => {
  const any = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.oneof(fc.integer(), any), fc.double({ min: 0, max: 1, noNaN: true }), any, (label, p, version) => {
      const prediction = {
        prediction: label,
        probability: p,
        model_version: version,
        timestamp: '2026-11-24T00:05:40.660Z',
        prediction_id: '019ac8b1-7d3e-7c46-9a1f-2f0d5b8e6c11',
      };
      expect(sent(predictionBody(prediction))).toBe(JSON.stringify(prediction));
    }),
  );
});

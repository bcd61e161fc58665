import { boot, type RunningApi } from '../helper/boot.js';
import { infer, INPUTS } from '../helper/inference-rest.js';

describe('The Open Inference Protocol over REST', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot({ BODY_LIMIT_BYTES: '100000' })));
  afterAll(() => api.close());

  describe('refuses with 400 {"error"}', () => {
    const alter = (change: object, index = 3) => ({
      inputs: INPUTS.map((input, i) => (i === index ? { ...input, ...change } : input)),
    });
    it.each<[string, unknown, string]>([
      ['an empty body', '', 'The body is empty; send a JSON object.'],
      ['a list', [], 'The body must be a JSON object with inputs; received an array of 0'],
      ['no inputs', {}, 'inputs must be an array of tensors; received nothing'],
      ['an id that is no string', { id: 7, inputs: [] }, 'id must be a string; received 7'],
      [
        'parameters that are no object',
        { inputs: [], parameters: [] },
        'The parameters of the request must be an object; received an array of 0',
      ],
      [
        'a parameter that is an object',
        { inputs: [], parameters: { a: {} } },
        'The parameter "a" of the request must be a string, a number or a boolean; received an object',
      ],
      [
        'binary_data_output that is no flag',
        { inputs: [], parameters: { binary_data_output: 'yes' } },
        'The parameter "binary_data_output" of the request must be true or false; received "yes"',
      ],
      [
        'an input that is no object',
        { inputs: [1] },
        'inputs[0] must be an object with name, datatype, shape and data; received 1',
      ],
      ['an input without a name', { inputs: [{}] }, 'The name of inputs[0] must be a string; received nothing'],
      [
        'an unknown datatype',
        alter({ datatype: 'FLOAT' }),
        'The datatype of input "feature_4" must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP32, FP64, BYTES; received "FLOAT"',
      ],
      [
        "another datatype than the model's",
        alter({ datatype: 'BOOL', data: [true, false] }),
        'The datatype of input "feature_4" must be FP64; received BOOL',
      ],
      [
        'no shape',
        alter({ shape: undefined }),
        'The shape of input "feature_4" must be an array of at most 32 whole numbers; received nothing',
      ],
      [
        'a shape of any size',
        alter({ shape: [-1] }),
        'shape[0] of input "feature_4" must be a whole number of at least 0; received -1',
      ],
      [
        'a shape with a fraction',
        alter({ shape: [1.5] }),
        'shape[0] of input "feature_4" must be a whole number of at least 0; received 1.5',
      ],
      [
        'a shape of many dimensions',
        alter({ shape: Array(33).fill(1), data: [1] }),
        'The shape of input "feature_4" must be an array of at most 32 whole numbers; received an array of 33',
      ],
      [
        'an immense shape',
        alter({ shape: [1e9, 1e9] }),
        'The shape of input "feature_4" must be of fewer than 2^53 elements; received "[1000000000, 1000000000]"',
      ],
      [
        "another shape than the model's",
        alter({ shape: [1, 2] }),
        'The shape of input "feature_4" must be [-1] (-1: any size); received [1, 2]',
      ],
      [
        'too few elements',
        alter({ data: [1] }),
        'The data of input "feature_4" must have 2 elements for its shape [2]; received 1',
      ],
      [
        'another number of rows',
        alter({ shape: [1], data: [1] }),
        'Input "feature_4" must have as many rows as "feature_1", 2; received 1',
      ],
      ['no data', alter({ data: undefined }), 'The data of input "feature_4" must be an array; received nothing'],
      [
        'a string for a number',
        alter({ data: [1, '2'] }),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received "2"',
      ],
      [
        'a number beyond a double',
        JSON.stringify(alter({ data: [1, 7] })).replace('[1,7]', '[1,1e400]'),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received Infinity, a number beyond the range of a double',
      ],
      [
        'an infinity as Python writes it',
        JSON.stringify(alter({ data: [1, 7] })).replace('[1,7]', '[1,-Infinity]'),
        'data[1] of input "feature_4" must be a number that FP64 can hold, or null for NaN; received -Infinity, a number beyond the range of a double',
      ],
      [
        'a fraction for an integer',
        alter({ data: [5, 3.5] }, 4),
        'data[1] of input "feature_5" must be a whole number from -9007199254740991 to 9007199254740991 (send larger ones as binary data); received 3.5',
      ],
      [
        "what is out of the column's range",
        alter({ data: [75.5, 100.5] }),
        'data[1] of input "feature_4" must be a finite number from 0 to 100; received 100.5',
      ],
      [
        'a missing value',
        alter({ data: [null, 1] }),
        'data[0] of input "feature_4" must be a finite number from 0 to 100; received null',
      ],
      [
        'what a feature cannot hold',
        alter({ data: [0, 1e30] }, 0),
        'data[1] of input "feature_1" must be a number for which feature_1_squared fits in float32; received 1e+30',
      ],
      [
        'an input that the model does not have',
        alter({ name: 'feature_9' }),
        'Model "random_forest" has no input "feature_9"; its inputs are feature_1, feature_2, feature_3, feature_4, feature_5',
      ],
      [
        'an input twice',
        { inputs: [...INPUTS, INPUTS[0]] },
        'Input "feature_1" must be given only once; received it twice',
      ],
      [
        'a missing input',
        { inputs: INPUTS.slice(1) },
        'Model "random_forest" needs the inputs feature_1, feature_2, feature_3, feature_4, feature_5; missing: feature_1',
      ],
      ['outputs that are no list', { inputs: INPUTS, outputs: {} }, 'outputs must be an array; received an object'],
      [
        'an output without a name',
        { inputs: INPUTS, outputs: [{}] },
        'outputs[0] must be an object with the name of an output; received an object',
      ],
      [
        'an output that the model does not have',
        { inputs: INPUTS, outputs: [{ name: 'logits' }] },
        'Model "random_forest" has no output "logits"; its outputs are prediction, probability, probabilities, prediction_id',
      ],
      [
        'classification',
        { inputs: INPUTS, outputs: [{ name: 'prediction', parameters: { classification: 3 } }] },
        'The parameter "classification" of output "prediction" asks for the classification extension, which is not supported',
      ],
      [
        'shared memory',
        alter({ data: undefined, parameters: { shared_memory_region: 'r' } }),
        'The parameter "shared_memory_region" of input "feature_4" asks for shared memory, which is not supported',
      ],
    ])('%s', async (_what, body, message) => {
      const { status, headers, body: answer } = await infer(api, body);
      expect([status, headers.get('content-type'), answer]).toEqual([
        400,
        'application/json; charset=utf-8',
        { error: message },
      ]);
    });

    it('a field that comes twice', async () => {
      const twice = JSON.stringify({ inputs: INPUTS }).replace('"datatype"', '"shape":[9],"datatype"');
      expect(await infer(api, twice)).toMatchObject({
        status: 400,
        body: { error: 'inputs[0].shape must be given only once: the object repeats it.' },
      });
    });

    it('no JSON', async () => {
      const { status, body } = await infer(api, '{"inputs":[');
      expect([status, Object.keys(body), typeof body.error]).toEqual([400, ['error'], 'string']);
    });
  });
});

import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { attribute, labelTensor, node } from './index.js';
import { graphLabels } from './class-labels.js';

const labelsOf = (nodes: NodeProto[], initializer: TensorProto[] = []) =>
  graphLabels(create(GraphProtoSchema, { node: nodes, initializer }), 'label');

const ml = (opType: string, inputs: string[], outputs: string[], ...attributes: Parameters<typeof node>[3] & object) =>
  node(opType, inputs, outputs, attributes, 'ai.onnx.ml');
const argmax = node('ArgMax', ['probabilities'], ['index']);

describe('graphLabels', () => {
  it.each([
    ['TreeEnsembleClassifier', attribute.ints('classlabels_int64s', [3, 5]), [3n, 5n]],
    ['LinearClassifier', attribute.ints('classlabels_ints', [0, 1]), [0n, 1n]],
    ['SVMClassifier', attribute.strings('classlabels_strings', ['no', 'yes']), ['no', 'yes']],
  ])('reads those of a %s', (operator, labels, expected) => {
    expect(labelsOf([ml(operator, ['x'], ['label', 'probabilities'], labels)])).toEqual({ labels: expected });
    const after = [ml(operator, ['x'], ['raw', 'probabilities'], labels), node('Cast', ['raw'], ['label'])];
    expect(labelsOf(after)).toEqual({ labels: expected });
  });

  it('reads a list that is looked up', () => {
    for (const operator of ['Gather', 'ArrayFeatureExtractor']) {
      const nodes = [argmax, node(operator, ['classes', 'index'], ['picked']), node('Reshape', ['picked'], ['label'])];
      expect(labelsOf(nodes, [labelTensor('classes', ['air', 'sea'])])).toEqual({ labels: ['air', 'sea'] });
      expect(labelsOf(nodes, [labelTensor('classes', [7, 8])])).toEqual({ labels: [7n, 8n] });
    }
  });

  it('takes the place of the largest as a label, and one that is renamed', () => {
    expect(labelsOf([argmax, node('Cast', ['index'], ['label'])])).toEqual({});
    const renamed = ml(
      'LabelEncoder',
      ['index'],
      ['label'],
      attribute.ints('keys_int64s', [0, 1]),
      attribute.strings('values_strings', ['bad', 'good']),
    );
    expect(labelsOf([argmax, renamed])).toEqual({ labels: ['bad', 'good'] });
  });

  it('knows none where the graph does not tell: the nearest, an input, a circle', () => {
    expect(labelsOf([node('ArgMin', ['distances'], ['label'])])).toBeUndefined();
    expect(labelsOf([node('Identity', ['x'], ['label'])])).toBeUndefined();
    expect(labelsOf([node('Identity', ['label'], ['label'])])).toBeUndefined();
    expect(labelsOf([node('Gather', ['computed', 'index'], ['label'])])).toBeUndefined();
  });
});

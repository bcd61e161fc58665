import { isMlflowPlace, parseMlflowPlace } from './mlflow-place.js';

const RUN = '0123456789abcdef0123456789abcdef';
const registered = (more: object) => ({ kind: 'mlflow', registered: 'churn', name: 'churn', ...more });

it.each([
  ['mlflow://churn@best', registered({ alias: 'best' })],
  ['mlflow://churn/3', registered({ version: '3' })],
  ['models:/churn@best', registered({ alias: 'best' })],
  ['models:/churn/3', registered({ version: '3' })],
  ['mlflow:models:/churn/3', registered({ version: '3' })],
  ['models:/Wine Quality/12', registered({ registered: 'Wine Quality', name: 'Wine_Quality', version: '12' })],
  [`models:/m-${RUN}`, { kind: 'logged', id: `m-${RUN}` }],
  [`runs:/${RUN}/model`, { kind: 'run', run: RUN, path: 'model' }],
  [`mlflow:runs:/${RUN}/deep/model`, { kind: 'run', run: RUN, path: 'deep/model' }],
])('%s names a model of MLflow', (text, place) => {
  expect(isMlflowPlace(text)).toBe(true);
  expect(parseMlflowPlace(text)).toEqual(place);
});

it.each([
  'models:/churn',
  'models:/churn/latest',
  'models:/churn/Production',
  'models:/churn/0',
  'runs:/churn/model',
  `runs:/${RUN}`,
  `runs:/${RUN}/../other`,
  `runs:/${RUN}/a//b`,
  'mlflow:churn',
])('%s names none', (text) => {
  expect(isMlflowPlace(text)).toBe(true);
  expect(() => parseMlflowPlace(text)).toThrow(/is not the name of an MLflow model\. Use mlflow:\/\/name@alias/);
});

it.each(['mlflow', 'runs/1', './models/churn', '/models:/x', 'model.ubj'])('%s is a path', (text) => {
  expect(isMlflowPlace(text)).toBe(false);
});

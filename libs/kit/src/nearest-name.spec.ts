import { nearestName } from './nearest-name.js';

it.each([
  ['Churned', ['customer', 'churned', 'churn_date'], 'churned'],
  ['churn ', ['customer', 'churned'], 'churned'],
  ['prise', ['price', 'prices'], 'price'],
  ['y', ['x'], undefined],
  ['label', ['price', 'size'], undefined],
  ['label', [], undefined],
])('The name that %j probably means among %j is %j', (name, names, nearest) =>
  expect(nearestName(name, names)).toBe(nearest),
);

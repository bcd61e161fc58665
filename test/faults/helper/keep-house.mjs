// Run by a spec, which kills it at any file operation: keeps the house of the store in a folder, by rules that are JSON.
import { keepHouse } from '../../../dist/libs/monitoring/src/store/file/keep-house.js';

const [, , folder, rules] = process.argv;
await keepHouse(folder, { maxBytes: 1e9, ...JSON.parse(rules) });

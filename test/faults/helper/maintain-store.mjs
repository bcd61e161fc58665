// Run by a spec, which kills it at any file operation: maintains the store in a folder, by rules that are JSON.
import { maintainStore } from '../../../dist/libs/monitoring/src/store/file/maintain-store.js';

const [, , folder, rules] = process.argv;
await maintainStore(folder, { maxBytes: 1e9, ...JSON.parse(rules) });

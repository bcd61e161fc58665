import cluster from 'node:cluster';
import { Problem } from '../problem/problem.js';

/**
 * Each worker holds models of its own, and a call reaches only one of them.
 *
 * @throws Problem `several-workers`
 */
export function checkOneWorker(): void {
  if (!cluster.isWorker) return;
  const remedy = 'move aliases in the models folder, which every worker watches, or run with --workers 1';
  throw new Problem('several-workers', `This would reach one of several workers; ${remedy}.`);
}

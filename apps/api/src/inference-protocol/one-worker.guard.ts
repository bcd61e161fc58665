import cluster from 'node:cluster';
import { type CanActivate, Injectable } from '@nestjs/common';
import { Problem } from '../problem/problem.js';

/** Guards calls that change which models serve: each worker has its own models, and a call reaches only one worker. */
@Injectable()
export class OneWorkerGuard implements CanActivate {
  /** @throws Problem `several-workers` */
  canActivate(): boolean {
    if (!cluster.isWorker) return true;
    const remedy =
      'move aliases in the models folder, which every worker watches, or run a single worker: server.workers (WORKERS), or --workers 1';
    throw new Problem('several-workers', `This would reach only one of several workers; ${remedy}.`);
  }
}

import { Module } from '@nestjs/common';
import { RenewalWorker } from './renewal-worker.js';

/** What renews models, in a process of its own: training never runs where requests are answered. */
@Module({ providers: [RenewalWorker] })
export class WorkerModule {}

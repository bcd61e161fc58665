import { Module } from '@nestjs/common';
import { RenewalWorker } from './renewal-worker.js';

/** Renews models in a separate process, so that training never competes with requests. */
@Module({ providers: [RenewalWorker] })
export class WorkerModule {}

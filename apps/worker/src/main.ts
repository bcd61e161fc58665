#!/usr/bin/env node
import 'reflect-metadata';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#config';
import { storageFailure, UserError } from '#kit';
import { WorkerModule } from './worker.module.js';
import { RenewalWorker } from './renewal-worker.js';

/** As of the command line. */
const STORAGE = 74;

const isOnce = process.argv.includes('--once');
try {
  // Hides Nest's startup log.
  const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['warn', 'error'] });
  const { format } = loadConfig(process.env).logging;
  const json = format === 'json' || (format === 'auto' && !process.stdout.isTTY);
  app.useLogger(new ConsoleLogger({ json, logLevels: ['log', 'warn', 'error'] }));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  const worker = app.get(RenewalWorker);
  await (isOnce ? worker.once() : worker.run());
  await app.close();
} catch (error) {
  const refusal = storageFailure(error);
  if (!refusal && !(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${refusal ?? (error as UserError).message}\n`);
  process.exitCode = refusal ? STORAGE : 2;
}

#!/usr/bin/env node
import 'reflect-metadata';
import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '#config';
import { UserError } from '#kit';
import { WorkerModule } from './worker.module.js';
import { RenewalWorker } from './renewal-worker.js';

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
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '#kit';
import { type OwnStep, registerStep } from './steps/own-steps.js';

/** A file that defines steps. */
export interface StepFile {
  /** Absolute. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

const loaded = new Map<string, StepFile>();

/** Reading `kind` throws where the value is no step. */
const isStep = (value: unknown): value is OwnStep =>
  typeof value === 'object' &&
  value !== null &&
  ['reads', 'writes', 'fit', 'bind'].every((key) => typeof (value as Record<string, unknown>)[key] === 'function') &&
  typeof (value as Partial<OwnStep>).kind === 'string' &&
  typeof (value as Partial<OwnStep>).keys === 'object';

/**
 * Registers the steps that JavaScript files define. The default export of each is a step or a list of steps. A file
 * that was loaded before is not read again.
 *
 * @throws UserError on a file that cannot be loaded, or defines no step
 */
export async function loadSteps(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const path = resolve(file);
    if (loaded.has(path)) continue;
    let content: unknown;
    let digest: string;
    try {
      digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      content = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
    } catch (error) {
      throw new UserError(`models.steps (MODELS_STEPS): ${path} cannot be loaded: ${(error as Error).message}.`);
    }
    const steps: readonly unknown[] = Array.isArray(content) ? content : [content];
    if (!steps.every(isStep))
      throw new UserError(
        `models.steps (MODELS_STEPS): the default export of ${path} is neither a step nor a list of steps; a step has kind, keys, reads, writes, fit and bind.`,
      );
    steps.forEach(registerStep);
    loaded.set(path, { path, digest });
  }
}

/** The files of steps that this process has loaded; its workers must load them too. */
export const loadedSteps = (): readonly StepFile[] => [...loaded.values()];

import { resolve } from 'node:path';
import { projectRoot } from '#kit';

/**
 * The folder of models, their files and tables: `SKEWLESS_HOME`, so that a team's need not live in this project's tree; this
 * project's own where it is not set.
 */
export const homeFolder = ({ SKEWLESS_HOME: home }: NodeJS.ProcessEnv): string =>
  home ? resolve(home) : projectRoot();

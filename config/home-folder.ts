import { resolve } from 'node:path';
import { projectRoot } from '#kit';

/**
 * The folder of models, their files and tables: `SKEWLESS_HOME`, so that a team can keep them outside this project;
 * default this project.
 */
export const homeFolder = ({ SKEWLESS_HOME: home }: NodeJS.ProcessEnv): string =>
  home ? resolve(home) : projectRoot();

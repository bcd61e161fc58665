import { join } from 'node:path';
import { UserError } from './errors/user.error.js';
import { projectRoot } from './project-root.js';

describe('projectRoot', () => {
  it('is the folder of package.json, from wherever below it', () => {
    expect(projectRoot()).toBe(process.cwd());
    expect(projectRoot(join(process.cwd(), 'dist', 'config'))).toBe(process.cwd());
  });

  it('says so where there is none, instead of looking for ever', () => {
    expect(() => projectRoot('/nowhere/to/be/found')).toThrow(
      new UserError('No package.json in /nowhere/to/be/found or above it: is the project still there?'),
    );
  });
});

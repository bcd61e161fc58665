import { existsSync } from 'node:fs';
import { maintainersPackages } from '../../../tools/maintain/install.mjs';
import { installed } from './debian.js';

/** Where Debian's Chromium is, and the Chrome of GitHub's machines. */
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/google-chrome'];

const program = (): string | undefined => PROGRAMS.find((path) => existsSync(path));

/** What is used here of playwright-core, whose types are not at hand. */
export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  on(event: 'request', listener: (request: { url(): string }) => void): void;
  on(event: 'dialog', listener: (dialog: { message(): string; dismiss(): Promise<void> }) => void): void;
  readonly keyboard: { press(key: string): Promise<void> };
  screenshot(options: { path: string; fullPage: boolean }): Promise<unknown>;
}

export interface Browser {
  newContext(options: object): Promise<{ newPage(): Promise<Page>; close(): Promise<void> }>;
  close(): Promise<void>;
}

/** Starts a browser without a window. */
export function startBrowser(): Promise<Browser> {
  const { chromium: engine } = maintainersPackages().require('playwright-core') as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  // As root it refuses its sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return engine.launch({ executablePath: installed('chromium', program), args });
}

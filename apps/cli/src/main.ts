#!/usr/bin/env node
import { exitOnSignal } from './stop-signal.js';

exitOnSignal();
await import('./command-line.js');

#!/usr/bin/env node
import { endWhenStopped } from './stop-signal.js';

endWhenStopped();
await import('./command-line.js');

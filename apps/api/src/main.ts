import { exitOnSignal } from './exit-on-signal.js';

exitOnSignal();
await import('./start.js');

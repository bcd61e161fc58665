import { endWhenTold } from './end-when-told.js';

endWhenTold();
await import('./start.js');

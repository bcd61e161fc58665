export { moveStore } from './store/move-store.js';
export { isDatabase, openStore, storeName } from './store/open-store.js';

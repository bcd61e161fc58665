export { answers } from './answers';
export { rows } from './rows';
export { remember } from './tokens';

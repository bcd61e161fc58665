export { rows } from './rows';
export { remember } from './tokens';

export { answers } from './answers';
export { ids, scores } from './records';
export { rows } from './rows';
export { remember, tokens } from './tokens';

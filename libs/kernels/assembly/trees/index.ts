export { predict } from './predict';

export { breaks } from './breaks';
export { shapes } from './shapes';

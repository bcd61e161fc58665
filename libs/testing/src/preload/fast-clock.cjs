/**
 * Preloaded into a process and its threads (`NODE_OPTIONS=--require`): its clock shows CLOCK_FROM at the real time
 * CLOCK_START, and from there runs CLOCK_SPEED times as fast, so that a day of requests takes seconds.
 */
const { CLOCK_FROM, CLOCK_START, CLOCK_SPEED } = process.env;
const realNow = Date.now;

Date.now = () => Number(CLOCK_FROM) + Math.round((realNow() - Number(CLOCK_START)) * Number(CLOCK_SPEED));

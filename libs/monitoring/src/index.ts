export { MonitorPlan } from './cells/monitor-plan.js';
export { addHours, closeHour } from './counts/hour-counts.js';
export { moveStore } from './store/move-store.js';
export { isDatabase, openStore, storeName } from './store/open-store.js';
export { describeWindow } from './drift/describe-window.js';
export { closeWindows } from './episodes/episodes.js';
export { isAccuracyLow } from './quality/accuracy-alarm.js';
export { calibrationOf, estimatedAccuracy, isMature, isRefuted, liveAccuracy } from './quality/outcomes.js';

export { grouped, percent } from './checks/check.js';
export { failureLine, plainText, tableText } from './report/terminal-text.js';
export { validationFiles, type ValidationVerdict, writeValidation } from './report/write-validation.js';
export type { ValidationRules } from './validation.rules.js';
export { validateData } from './validate-data.js';

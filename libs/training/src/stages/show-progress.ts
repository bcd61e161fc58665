/** Called during long work with its name, the amount done and the total. */
export type ShowProgress = (what: string, done: number, total: number) => void;

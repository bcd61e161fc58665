/** Called while something goes on: what, how much of it is done, of how much. */
export type ShowProgress = (what: string, done: number, total: number) => void;

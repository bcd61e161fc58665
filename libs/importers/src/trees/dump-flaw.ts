/** A flaw in a model's dump. */
export class DumpFlaw extends Error {
  override readonly name = 'DumpFlaw';

  /**
   * @param where the place in the dump; empty for the whole dump
   * @param problem a predicate: `${where} ${problem}` is a sentence
   */
  constructor(
    readonly where: string,
    readonly problem: string,
    readonly remedy = 'Save the model again from the library that trained it',
  ) {
    super(`${where} ${problem}`);
  }

  /** The message for the user, who knows the dump as a file. */
  inFile(path: string): string {
    return `${path}: ${this.where === '' ? 'it' : this.where} ${this.problem}. ${this.remedy}.`;
  }
}

/** What is wrong with a model's dump. */
export class DumpFlaw extends Error {
  override readonly name = 'DumpFlaw';

  /**
   * @param where the place in the dump; empty for the whole of it
   * @param problem `where problem` makes a sentence
   */
  constructor(
    readonly where: string,
    readonly problem: string,
    readonly remedy = 'Save the model again from the library that trained it',
  ) {
    super(`${where} ${problem}`);
  }

  /** A sentence, for who knows the file. */
  inFile(path: string): string {
    return `${path}: ${this.where === '' ? 'it' : this.where} ${this.problem}. ${this.remedy}.`;
  }
}

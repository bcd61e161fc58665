/** What is wrong with a model's dump; who knows the file makes a sentence of it. */
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
}

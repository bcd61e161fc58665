export const DOCS_OPTIONS = Symbol('DOCS_OPTIONS');

export interface DocsOptions {
  /** Version of the API, from package.json. */
  readonly version: string;
}

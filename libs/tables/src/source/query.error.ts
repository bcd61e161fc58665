/** A query that failed because of the data, not because it was interrupted. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A query that the database refused: about the data, not a request to stop. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** A mistake in what was asked to be logged, told before anything is recorded. Never raised for what a server does. */
export class TrackingError extends Error {
  override readonly name = 'TrackingError';
}

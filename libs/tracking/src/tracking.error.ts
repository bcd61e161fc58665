import { UserError } from '#kit';

/** What was to be logged is invalid; thrown before anything is recorded. Never raised for what a server does. */
export class TrackingError extends UserError {
  override readonly name = 'TrackingError';
}

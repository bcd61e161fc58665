import { UserError } from '#kit';

/** A mistake in what was asked to be logged, told before anything is recorded. Never raised for what a server does. */
export class TrackingError extends UserError {
  override readonly name = 'TrackingError';
}

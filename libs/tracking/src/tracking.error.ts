import { UserError } from '#kit';

/** Invalid input of the caller, thrown before anything is recorded; never for errors of the server. */
export class TrackingError extends UserError {
  override readonly name = 'TrackingError';
}

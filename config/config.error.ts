import { UserError } from '#kit';

/** Settings with which the server must not start; one line per wrong setting. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';
}

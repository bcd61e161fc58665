import { UserError } from '#kit';

/** Invalid settings, which stop the start; one line per setting. */
export class ConfigError extends UserError {
  override readonly name = 'ConfigError';
}

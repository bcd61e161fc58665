/** Settings with which the server must not start; one line per wrong setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

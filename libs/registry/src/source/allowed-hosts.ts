import { BundleError } from '#bundle';

/** The hosts that models may be fetched from; none unless configured. */
export class AllowedHosts {
  constructor(private readonly hosts: readonly string[]) {}

  /**
   * @param host with its port, if it has one
   * @throws BundleError when it is not allowed
   */
  check(host: string): void {
    const name = host.replace(/:\d+$/, '');
    const isAllowed = this.hosts.some((allowed) =>
      allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : allowed === host || allowed === name,
    );
    if (isAllowed) return;
    throw new BundleError(
      host,
      'is not an allowed host for models',
      'Add it to models.allowedHosts (MODELS_ALLOWED_HOSTS)',
    );
  }
}

/** Limits of a fetch: the allowed hosts, and a signal. */
export interface Reach {
  readonly hosts: AllowedHosts;
  /** Aborts running requests. */
  readonly signal: AbortSignal;
}

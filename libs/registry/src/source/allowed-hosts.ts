import { BundleError } from '#bundle';

/** The hosts that models may come from; none unless they are configured. */
export class AllowedHosts {
  constructor(private readonly hosts: readonly string[]) {}

  /**
   * @param host with its port where it has one
   * @throws BundleError when it is not configured
   */
  check(host: string): void {
    const name = host.replace(/:\d+$/, '');
    const isAllowed = this.hosts.some((allowed) =>
      allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : allowed === host || allowed === name,
    );
    if (isAllowed) return;
    throw new BundleError(
      host,
      'is not a host that models may come from',
      'Name it in MODELS_ALLOWED_HOSTS, or models.allowedHosts in config/config.yaml',
    );
  }
}

/** How far one may go for a model: to which hosts, and until when. */
export interface Reach {
  readonly hosts: AllowedHosts;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
}

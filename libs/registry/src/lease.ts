import type { LoadedModel } from '#runtime';

/** The arm of a rollout that answers a request. */
export interface Arm {
  readonly model: string;
  readonly version: string;
  /** Id of the rollout when the request arrived. */
  readonly rollout: string;
  readonly epoch: number;
}

/**
 * A request's reference to a loaded version, which keeps it open until it is released, whatever is promoted meanwhile.
 */
export class Lease<Model extends LoadedModel = LoadedModel, Contract = unknown> {
  private isOver = false;

  constructor(
    readonly model: Model,
    /** The input contract, made when the version was loaded; undefined for a model that takes tensors. */
    readonly contract: Contract,
    private readonly version: LeasedVersion,
    /** Present while a rollout of the model is in progress. */
    readonly arm?: Arm,
  ) {}

  /** Releases it; idempotent. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.version.left();
  }
}

/** The leases of a loaded version, and its contract. */
export class LeasedVersion<Contract = unknown> {
  private leases = 0;
  private drained?: () => void;

  constructor(
    private readonly model: LoadedModel,
    readonly contract: Contract,
  ) {}

  /** @param model the leased model itself, typed as the caller needs it */
  lease<Model extends LoadedModel>(model: Model, arm?: Arm): Lease<Model, Contract> {
    this.leases++;
    return new Lease(model, this.contract, this, arm);
  }

  /** Called when a lease is released. */
  left(): void {
    if (--this.leases === 0) this.drained?.();
  }

  /** Waits for the last lease and for pending rows, then frees the sessions. */
  async close(): Promise<void> {
    if (this.leases > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    await this.model.close();
  }
}

import type { LoadedModel } from '#runtime';

/** Which side of a rollout answers a request. */
export interface Arm {
  readonly model: string;
  readonly version: string;
  /** Of the rollout as it was when the request came. */
  readonly rollout: string;
  readonly epoch: number;
}

/** A request's hold on one loaded version: whatever is promoted meanwhile, this one answers until it is released. */
export class Lease<Model extends LoadedModel = LoadedModel, Contract = unknown> {
  private isOver = false;

  constructor(
    readonly model: Model,
    /** What callers must send to it, made when the version was loaded; nothing of a model that takes tensors. */
    readonly contract: Contract,
    private readonly version: LeasedVersion,
    /** While a rollout of the model is under way. */
    readonly arm?: Arm,
  ) {}

  /** Ends it; a second time has no effect. */
  release(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.version.left();
  }
}

/** How many requests hold a loaded version, and what was made for them when it was loaded. */
export class LeasedVersion<Contract = unknown> {
  private leases = 0;
  private drained?: () => void;

  constructor(
    private readonly model: LoadedModel,
    readonly contract: Contract,
  ) {}

  /** @param model its own, as the caller knows its kind */
  lease<Model extends LoadedModel>(model: Model, arm?: Arm): Lease<Model, Contract> {
    this.leases++;
    return new Lease(model, this.contract, this, arm);
  }

  /** One lease has ended. */
  left(): void {
    if (--this.leases === 0) this.drained?.();
  }

  /** Waits for the last lease and for the rows under way, then frees the sessions. */
  async close(): Promise<void> {
    if (this.leases > 0) await new Promise<void>((resolve) => (this.drained = resolve));
    await this.model.close();
  }
}

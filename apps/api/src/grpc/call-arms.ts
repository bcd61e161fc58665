import type { Metadata } from '@grpc/grpc-js';
import type { Arm } from '#registry';

/** Which side of a rollout answered a call, by what came with it: a handler knows its call by nothing else. */
export class CallArms {
  private readonly arms = new WeakMap<Metadata, Arm>();

  keep(metadata: Metadata, arm: Arm): void {
    this.arms.set(metadata, arm);
  }

  of(metadata: Metadata | undefined): Arm | undefined {
    return metadata && this.arms.get(metadata);
  }
}

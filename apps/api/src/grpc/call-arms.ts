import type { Metadata } from '@grpc/grpc-js';
import type { Arm } from '#registry';

/**
 * Which side of a rollout answered a call, keyed by the call's metadata: a handler has no other identity of its call.
 */
export class CallArms {
  private readonly arms = new WeakMap<Metadata, Arm>();

  keep(metadata: Metadata, arm: Arm): void {
    this.arms.set(metadata, arm);
  }

  of(metadata: Metadata | undefined): Arm | undefined {
    return metadata && this.arms.get(metadata);
  }
}

import type { Metadata } from '@grpc/grpc-js';

/** Who sent what metadata, where that is proven. */
export const CALLERS = new WeakMap<Metadata, string>();

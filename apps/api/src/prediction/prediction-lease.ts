import type { Lease } from '#registry';
import type { ServedModel } from '#runtime';
import type { InputContract } from './input-contract.js';

/** A request's hold on a version that takes rows, with what callers must send to it. */
export type PredictionLease = Lease<ServedModel, InputContract>;

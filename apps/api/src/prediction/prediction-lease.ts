import type { Lease } from '#registry';
import type { ServedModel } from '#runtime';
import type { InputContract } from './input-contract.js';

/** A request's lease of a version that accepts rows, with its input contract. */
export type PredictionLease = Lease<ServedModel, InputContract>;

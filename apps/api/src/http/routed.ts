import type { Arm } from '#registry';
import type { ApiRequest } from './http.types.js';

interface Leasing {
  readonly isRolling: boolean;
}

/** Who asks, always in the same words: the caller's own choice, or else each request for itself. */
const keyOf = ({ headers, id }: ApiRequest): string => {
  const key = headers['x-routing-key'];
  return typeof key === 'string' && key !== '' ? key : id;
};

/** The key by which a rollout's split is made; nothing while no rollout is under way, when nobody asks for it. */
export const routingKey = (registry: Leasing, request: ApiRequest): string | undefined =>
  registry.isRolling ? keyOf(request) : undefined;

/** Notes which side of a rollout answers a request, for those who compare them. */
export function routed<L extends { readonly arm?: Arm }>(request: ApiRequest, lease: L): L {
  if (lease.arm) request.arm = lease.arm;
  return lease;
}

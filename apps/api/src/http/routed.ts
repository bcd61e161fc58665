import type { Arm } from '#registry';
import type { ApiRequest } from './http.types.js';

interface Leasing {
  readonly isRolling: boolean;
}

type Keyed = Pick<ApiRequest, 'headers' | 'id'>;

/** The routing key: the caller's own choice, or otherwise the id of the request. */
const keyOf = ({ headers, id }: Keyed): string => {
  const key = headers['x-routing-key'];
  return typeof key === 'string' && key !== '' ? key : id;
};

/** The key that decides a rollout's split; absent while no rollout is in progress, when it is not needed. */
export const routingKey = (registry: Leasing, request: Keyed): string | undefined =>
  registry.isRolling ? keyOf(request) : undefined;

/** Records which side of a rollout answers a request, for the comparison of both. */
export function routed<L extends { readonly arm?: Arm }>(request: ApiRequest, lease: L): L {
  if (lease.arm) request.arm = lease.arm;
  return lease;
}

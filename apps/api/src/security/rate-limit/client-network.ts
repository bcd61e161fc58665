import { isIPv4, isIPv6 } from 'node:net';

const NETWORK_GROUPS = 4;
const GROUPS = 8;
/** `address:port` and `[address]:port`, as some proxies write them. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/;
const DOTTED_END = /:(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
/** All clients without an address share one limit. */
const UNKNOWN = 'unknown';

/**
 * The part of an address that a client cannot choose: its IPv4 address, or the 64-bit network prefix of its IPv6
 * address, because every customer has 2^64 addresses in one network. Ports and zones are removed.
 */
export function clientNetwork(peer: string): string {
  const [, bracketed, plain] = WITH_PORT.exec(peer) ?? [];
  const address = bracketed ?? plain ?? peer;
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return UNKNOWN;
  const groups = groupsOf(address.replace(/%.*$/, ''));
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const hexadecimal = address.replace(DOTTED_END, (_end, ...bytes: string[]) => {
    const [a, b, c, d] = bytes.map(Number);
    return `:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head, tail = []] = hexadecimal.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(GROUPS - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].map((group) => parseInt(group, 16));
}

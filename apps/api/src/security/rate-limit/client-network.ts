const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * What a client cannot change at will: its IPv4 address, or the 64 bits of its IPv6 address that name its network, for
 * every customer has 2^64 addresses in it.
 */
export function clientNetwork(address: string): string {
  const plain = address.replace(MAPPED_IPV4, '');
  if (!plain.includes(':')) return plain;
  const [head, tail] = plain.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const groups = tail ? [...head, ...Array<string>(GROUPS - head.length - tail.length).fill('0'), ...tail] : head;
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  return `${network.join(':')}::/64`;
}

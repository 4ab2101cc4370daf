import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { WebContext } from './site.ts';

/** A list of networks such as 10.0.0.0/8, or of single addresses. */
export function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

/**
 * The address a request comes from: that of the connection, or, behind proxies that are trusted, the last one that none of them
 * vouches for. A header from anybody else changes nothing.
 */
export const clientAddress = (c: WebContext, trusted: BlockList): string =>
  addressOf(c.env.incoming, trusted);

/** The same for a request that is not routed yet. */
export function addressOf({ headers, socket }: IncomingMessage, trusted: BlockList): string {
  const told = headers['x-forwarded-for'] ?? '';
  const hops = (typeof told === 'string' ? told : told.join(',')).split(',').map((hop) => hop.trim());
  let address = plain(socket.remoteAddress ?? '');
  while (isIn(address, trusted)) {
    const hop = plain(hops.pop() ?? '');
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

/** Whether the other end of the connection itself is a proxy whose word is taken. */
export const isTrustedPeer = ({ socket }: IncomingMessage, trusted: BlockList): boolean =>
  isIn(plain(socket.remoteAddress ?? ''), trusted);

/** What attempts are counted by: an IPv4 address, or the /64 that one household or attacker holds. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const full = [
    ...groups,
    ...Array<string>(Math.max(0, missing)).fill('0'),
    ...(tail ?? '').split(':').filter(Boolean),
  ];
  return full.slice(0, 4).join(':');
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

function isIn(address: string, list: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

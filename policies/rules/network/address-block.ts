/** Public blocks are given out as /8 or smaller; what is wider is a part of the whole Internet, such as 0.0.0.0/1. */
const WIDEST_IPV4 = 8;
/** Of IPv6, the Internet is 2000::/3, and no owner has more than a /16. */
const WIDEST_IPV6 = 16;

/** Whether a block in CIDR notation is the Internet or so large a part of it that a few of them cover it. */
export function isWorld(block: string): boolean {
  const [, address = "", length = ""] = /^\s*([0-9a-f:.]+)\/(\d{1,3})\s*$/i.exec(block) ?? [];
  if (length === "") return false;
  if (!address.includes(":")) return Number(length) < WIDEST_IPV4;
  // fc00::/7 is IPv6 for private networks.
  return Number(length) < WIDEST_IPV6 && !(/^f[cd]/i.test(address) && Number(length) >= 7);
}

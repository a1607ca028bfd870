// IPv4 blocks as ranges of numbers. JavaScript's bitwise operators are signed and 32 bits wide, so all of this is plain
// arithmetic: every address is below 2 ** 32, which a double holds exactly.

/** A block as the range of its addresses, both ends included. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

const PATTERN = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The addresses of a block such as `10.40.0.0/16`. Throws a RangeError for text that is no block or has host bits set. */
export function addressRange(block: string): AddressRange {
  const numbers = PATTERN.exec(block)?.slice(1).map(Number) ?? [];
  const [prefixLength = 33, ...octets] = [numbers[4], ...numbers.slice(0, 4)];
  const first = octets.reduce<number>((address, octet = 256) => address * 256 + octet, 0);
  const size = 2 ** (32 - prefixLength);
  if (prefixLength > 32 || octets.some((octet = 256) => octet > 255) || first % size !== 0)
    throw new RangeError(`${JSON.stringify(block)} is no IPv4 block in CIDR notation`);
  return { first, last: first + size - 1, prefixLength };
}

/** The length of a block's prefix in bits: 16 for `10.40.0.0/16`. */
export function prefixLength(block: string): number {
  return addressRange(block).prefixLength;
}

/** The number of addresses in a block, the network's and the broadcast address included. */
export function addressCount(block: string): number {
  return 2 ** (32 - prefixLength(block));
}

/** Whether two blocks share an address. */
export function cidrsOverlap(a: string, b: string): boolean {
  const [left, right] = [addressRange(a), addressRange(b)];
  return left.first <= right.last && right.first <= left.last;
}

/** Whether every address of `inner` lies in `outer`. */
export function cidrContains(outer: string, inner: string): boolean {
  const [around, within] = [addressRange(outer), addressRange(inner)];
  return around.first <= within.first && within.last <= around.last;
}

/**
 * The `index`-th block, counted from 0, when `block` is divided into blocks of `length` prefix bits. Throws a RangeError
 * where there is no such block.
 */
export function blockAt(block: string, length: number, index: number): string {
  const range = addressRange(block);
  const blocks = 2 ** (length - range.prefixLength);
  if (!Number.isInteger(length) || length > 32 || blocks < 1 || !(index >= 0 && index < blocks))
    throw new RangeError(`${block} has no block ${index} of /${length}`);
  return `${dotted(range.first + index * 2 ** (32 - length))}/${length}`;
}

/** The blocks of private addresses (RFC 1918). */
export const PRIVATE_BLOCKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Addresses that no network of a company has, and that any VPC may have as a further block (RFC 6598). */
export const SHARED_BLOCK = "100.64.0.0/10";

/** Whether every address of a block is private. */
export function isPrivate(block: string): boolean {
  return PRIVATE_BLOCKS.some((privateBlock) => cidrContains(privateBlock, block));
}

function dotted(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((size) => Math.floor(address / size) % 256).join(".");
}

import { blockAt, prefixLength } from "./cidr.ts";

/** Which block each zone's two subnets have. */
export interface SubnetLayout {
  /** Private block by zone: nodes, pods, load balancers inside the VPC. */
  readonly private: Readonly<Record<string, string>>;
  /** Public block by zone: NAT gateways and load balancers that the internet reaches. */
  readonly public: Readonly<Record<string, string>>;
  /** Private block by zone that only load balancers are in: what comes from there is no pod. Made where there is a load balancer. */
  readonly ingress: Readonly<Record<string, string>>;
}

/** The subnets of pods by zone: the block that each is in, and its own. */
export type PodSubnets = Readonly<Record<string, readonly { readonly of: string; readonly block: string }[]>>;

/** Zone letters that the computed layout has room for. AWS names its zones a to f. */
export const ZONE_LETTERS = "abcdefg";

/** The region of a zone: `eu-central-1` for `eu-central-1a`. */
export function regionOfZone(zone: string): string {
  return zone.slice(0, -1);
}

/** Whether the computed layout has a place for the zone. */
export function hasPlace(zone: string): boolean {
  return ZONE_LETTERS.includes(zone.slice(-1));
}

/**
 * The subnets of a VPC, computed from its block. The block is divided into eighths: zone a has the first as its private
 * subnet, b the second, up to g; the last eighth is divided again into eighths, which are the public subnets in the same
 * order. A zone's place depends on its letter alone, so adding, removing or reordering zones moves no other subnet, which
 * in AWS would mean to replace it. A /16 gives private subnets of /19 (8,187 usable addresses) and public ones of /22. The last of those
 * eighths is divided once more, into the subnets of load balancers: /25 in a /16.
 *
 * Throws a RangeError for a zone without a place; `networkProblems` finds it first.
 */
export function subnetLayout(cidr: string, zones: readonly string[]): SubnetLayout {
  const eighth = prefixLength(cidr) + 3;
  const publicEighth = blockAt(cidr, eighth, 7);
  return {
    private: byZone(zones, (place) => blockAt(cidr, eighth, place)),
    public: byZone(zones, (place) => blockAt(publicEighth, eighth + 3, place)),
    ingress: byZone(zones, (place) => blockAt(blockAt(publicEighth, eighth + 3, 7), eighth + 6, place)),
  };
}

/**
 * The subnets that pods have in blocks of their own: of each block, zone a has the first eighth, b the second, up to g. The last one is left
 * free. A block that is added, or a zone, moves no other subnet.
 *
 * Throws a RangeError for a zone without a place; `networkProblems` finds it first.
 */
export function podSubnets(blocks: readonly string[], zones: readonly string[]): PodSubnets {
  return Object.fromEntries(
    zones.map((zone) => [
      zone,
      blocks.map((of) => ({ of, block: blockAt(of, prefixLength(of) + 3, placeOf(zone)) })),
    ]),
  );
}

function byZone(zones: readonly string[], blockOf: (place: number) => string): Record<string, string> {
  return Object.fromEntries(zones.map((zone) => [zone, blockOf(placeOf(zone))]));
}

function placeOf(zone: string): number {
  if (!hasPlace(zone)) throw new RangeError(`${zone} has no place: its letter is none of ${ZONE_LETTERS}`);
  return ZONE_LETTERS.indexOf(zone.slice(-1));
}

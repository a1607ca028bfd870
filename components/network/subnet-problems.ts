import { joinPath, type Problem, shown } from "../core/problems.ts";
import { cidrContains, cidrsOverlap, prefixLength } from "./cidr.ts";

/** What the subnets are of. */
interface Place {
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly natGateways: "per-zone" | "single" | "none";
}

/** Blocks of subnets, each in the order of zones. */
interface ListedSubnets {
  readonly private: readonly string[];
  readonly public?: readonly string[] | undefined;
  readonly ingress?: readonly string[] | undefined;
}

// AWS takes subnets of /16 to /28 (Amazon VPC quotas). Below a /24 pods run out of addresses before nodes run out of room.
const PRIVATE_PREFIX = { shortest: 16, longest: 24 };
// A load balancer needs a /27 (Elastic Load Balancing, Subnets for your load balancer).
export const LOAD_BALANCER_PREFIX = { shortest: 16, longest: 27 };

const KINDS = ["private", "public", "ingress"] as const;

interface ListedBlock {
  readonly block: string;
  /** The field below `subnets`, such as `private[0]`. */
  readonly field: string;
  readonly path: string;
}

/** What is wrong with subnets that are listed. `path` is where the settings of the network stand. */
export function subnetProblems(settings: Place, subnets: ListedSubnets, path: string): Problem[] {
  const listed = KINDS.flatMap((kind) =>
    (subnets[kind] ?? []).map((block, index) => ({
      block,
      field: joinPath("", [kind, index]),
      path: joinPath(path, ["subnets", kind, index]),
    })),
  );
  return [
    ...publicProblems(settings, subnets, joinPath(path, ["subnets", "public"])),
    ...countProblems(settings, subnets, path),
    ...listed.flatMap((subnet) => placeProblems(subnet, settings.cidr)),
    ...overlapProblems(listed),
  ];
}

/** Public subnets are where NAT gateways are, and a VPC without any has none. */
function publicProblems({ natGateways }: Place, subnets: ListedSubnets, path: string): Problem[] {
  if (natGateways !== "none" && subnets.public === undefined)
    return [
      {
        path,
        found: "nothing",
        allowed: "one block per zone, in the order of zones, unless natGateways is none",
        fix: "add the blocks, or set natGateways to none",
      },
    ];
  if (natGateways === "none" && subnets.public !== undefined)
    return [
      {
        path,
        found: "blocks, and natGateways: none",
        allowed: "nothing: a VPC without a way to the Internet has no public subnet",
        fix: "remove public, or set natGateways to per-zone or single",
      },
    ];
  return [];
}

function countProblems({ zones }: Place, subnets: ListedSubnets, path: string): Problem[] {
  return KINDS.flatMap((kind) => {
    const count = subnets[kind]?.length ?? zones.length;
    if (count === zones.length) return [];
    return [
      {
        path: joinPath(path, ["subnets", kind]),
        found: `${count} blocks for ${zones.length} zones`,
        allowed: "one block per zone, in the order of zones",
        fix:
          count < zones.length ? "add the missing blocks" : "remove the surplus blocks, or add their zones",
      },
    ];
  });
}

function placeProblems({ block, field, path }: ListedBlock, cidr: string): Problem[] {
  const [limits, what] = field.startsWith("private")
    ? [PRIVATE_PREFIX, "a private subnet"]
    : [LOAD_BALANCER_PREFIX, field.startsWith("public") ? "a public subnet" : "a subnet of load balancers"];
  const outside = {
    path,
    found: `${shown(block)}, outside the VPC`,
    allowed: `a block inside cidr, ${cidr}`,
    fix: "move the subnet into the VPC's block",
  };
  return [...(cidrContains(cidr, block) ? [] : [outside]), ...prefixProblems(block, limits, what, path)];
}

/** Each block against those before it, so that one overlap is one problem. */
function overlapProblems(listed: readonly ListedBlock[]): Problem[] {
  return listed.flatMap(({ block, path }, index) =>
    listed
      .slice(0, index)
      .filter((earlier) => cidrsOverlap(block, earlier.block))
      .map((earlier) => ({
        path,
        found: `${shown(block)}, which overlaps ${earlier.field}, ${earlier.block}`,
        allowed: "blocks that share no address",
        fix: "move one of the two",
      })),
  );
}

/** A block whose size AWS, or the number of pods, does not allow. */
export function prefixProblems(
  block: string,
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
  what: string,
  path: string,
): Problem[] {
  const length = prefixLength(block);
  if (length >= shortest && length <= longest) return [];
  return [
    {
      path,
      found: `${shown(block)}, too ${length > longest ? "small" : "large"} for ${what}`,
      allowed: `/${shortest} to /${longest}`,
      fix: length > longest ? `take at least a /${longest}` : `take at most a /${shortest}`,
    },
  ];
}

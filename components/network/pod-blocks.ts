import { joinPath, type Problem, shown } from "../core/problems.ts";
import { cidrContains, cidrsOverlap, PRIVATE_BLOCKS, prefixLength, SHARED_BLOCK } from "./cidr.ts";
import { hasPlace, ZONE_LETTERS } from "./layout.ts";

// AWS takes /16 to /28. Divided into eighths, a /21 has the smallest private subnets that are taken elsewhere: /24.
const PREFIX = { shortest: 16, longest: 21 };

/** What a VPC's blocks are decided by. */
interface Blocks {
  readonly cidr: string;
  readonly podBlocks: readonly string[];
  readonly zones: readonly string[];
}

/** What is wrong with the blocks of pods. `path` is where the settings of the network stand. */
export function podBlockProblems({ cidr, podBlocks, zones }: Blocks, path: string): Problem[] {
  const homeless = podBlocks.length === 0 ? [] : zones.filter((zone) => !hasPlace(zone));
  return [
    ...podBlocks.flatMap((block, index) => {
      const at = joinPath(path, ["podBlocks", index]);
      const others = [["cidr", cidr], ...podBlocks.slice(0, index).map((each) => ["podBlocks", each])];
      return [
        ...sizeProblems(block, at),
        ...rangeProblems(block, cidr, at),
        ...others
          .filter(([, other = ""]) => cidrsOverlap(block, other))
          .map(([field, other]) => ({
            path: at,
            found: `${shown(block)}, which overlaps ${other} in ${field}`,
            allowed: "a block that shares no address with the others of the VPC",
            fix: "choose another block",
          })),
      ];
    }),
    ...homeless.map((zone) => ({
      path: joinPath(path, ["podBlocks"]),
      found: `blocks, and the zone ${zone}`,
      allowed: `zones whose letter is one of ${[...ZONE_LETTERS].join(", ")}, as subnets of pods are computed by letter`,
      fix: "name such zones, or remove podBlocks",
    })),
  ];
}

function sizeProblems(block: string, path: string): Problem[] {
  const length = prefixLength(block);
  if (length >= PREFIX.shortest && length <= PREFIX.longest) return [];
  const isSmall = length > PREFIX.longest;
  return [
    {
      path,
      found: `${shown(block)}, too ${isSmall ? "small" : "large"} for the pods of all zones`,
      allowed: `/${PREFIX.shortest} to /${PREFIX.longest}`,
      fix: isSmall ? `take at least a /${PREFIX.longest}` : `take several blocks of /${PREFIX.shortest}`,
    },
  ];
}

/** AWS adds no block of one private range to a VPC of another (Amazon VPC user guide, IPv4 CIDR block association restrictions). */
function rangeProblems(block: string, cidr: string, path: string): Problem[] {
  const own = PRIVATE_BLOCKS.filter((range) => cidrContains(range, cidr));
  const ranges = [SHARED_BLOCK, ...own];
  if (ranges.some((range) => cidrContains(range, block))) return [];
  return [
    {
      path,
      found: `${shown(block)}, which AWS does not add to a VPC of ${cidr}`,
      allowed: `a block inside ${ranges.join(" or ")}`,
      fix: "choose a block in one of these ranges, such as 100.64.0.0/16",
    },
  ];
}

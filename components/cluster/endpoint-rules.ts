import { joinPath, type Problem, shown } from "../core/problems.ts";
import { cidrContains, isPrivate, PRIVATE_BLOCKS, prefixLength } from "../network/cidr.ts";
import type { EksSettings } from "./settings.ts";

/** What is wrong with who may reach the Kubernetes API. */
export function endpointProblems(endpoint: EksSettings["endpoint"], path: string): Problem[] {
  return [
    ...allowedProblems(endpoint, joinPath(path, ["allowedCidrs"])),
    ...networksProblems(endpoint.networks, joinPath(path, ["networks"])),
  ];
}

// An office or a VPN has a handful of addresses; a /16 is 65,536 of them, and two /1 would be everybody.
const WIDEST_ALLOWED_PREFIX = 16;

function allowedProblems(endpoint: EksSettings["endpoint"], path: string): Problem[] {
  if (endpoint.access === "private") return [];
  const { allowedCidrs } = endpoint;
  return allowedCidrs.flatMap((block, index): Problem[] => {
    const at = joinPath(path, [index]);
    if (isTooWide(block)) return [tooWideProblem(block, at)];
    if (isPrivate(block)) return [privateCallerProblem(block, at)];
    const around = coveredBy(allowedCidrs, index);
    return around === undefined ? [] : [coveredProblem(block, around, at)];
  });
}

/** Networks that are connected with the VPC have private addresses. */
function networksProblems(blocks: readonly string[], path: string): Problem[] {
  return blocks.flatMap((block, index): Problem[] => {
    const at = joinPath(path, [index]);
    if (!isPrivate(block))
      return [
        {
          path: at,
          found: `${shown(block)}, which holds public addresses`,
          allowed: `blocks inside ${PRIVATE_BLOCKS.join(", ")}`,
          fix: "write the private block that callers have, or use access public with allowedCidrs",
        },
      ];
    const around = blocks.findIndex(
      (other, place) => place !== index && cidrContains(other, block) && (other !== block || place < index),
    );
    return around === -1 ? [] : [coveredProblem(block, around, at, "networks")];
  });
}

function isTooWide(block: string): boolean {
  return prefixLength(block) < WIDEST_ALLOWED_PREFIX;
}

/** The index of the entry that makes another superfluous: one around it, or the first of several that are the same. */
function coveredBy(blocks: readonly string[], index: number): number | undefined {
  const block = blocks[index] ?? "";
  const around = blocks.findIndex(
    (other, place) =>
      place !== index &&
      !isTooWide(other) &&
      cidrContains(other, block) &&
      (other !== block || place < index),
  );
  return around === -1 ? undefined : around;
}

function tooWideProblem(block: string, path: string): Problem {
  return {
    path,
    found: block === "0.0.0.0/0" ? `${shown(block)}, the whole internet` : shown(block),
    allowed: `blocks of /${WIDEST_ALLOWED_PREFIX} or smaller`,
    fix: "list the blocks of the offices and runners that need the API, or set access to private",
  };
}

function privateCallerProblem(block: string, path: string): Problem {
  return {
    path,
    found: `${shown(block)}, which is private`,
    allowed: "public blocks, as nothing arrives at a public endpoint from a private address",
    fix: "write the address that the callers are seen under; callers in the VPC need no entry",
  };
}

function coveredProblem(block: string, around: number, path: string, field = "allowedCidrs"): Problem {
  return {
    path,
    found: `${shown(block)}, which ${field}[${around}] already covers`,
    allowed: "each address once",
    fix: "remove it",
  };
}

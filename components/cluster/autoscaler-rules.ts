import { joinPath, type Problem, repeatedEntries } from "../core/problems.ts";
import { diskProblems, instanceTypeProblems, labelProblems, spotProblems } from "./node-rules.ts";
import type { EksSettings, NodePoolSettings } from "./settings.ts";

/** What is wrong with the pools of an autoscaler. */
export function autoscalerProblems({ autoscaler }: EksSettings, path: string): Problem[] {
  if (autoscaler.kind !== "karpenter") return [];
  const pools = Object.entries(autoscaler.pools);
  const at = joinPath(path, ["pools"]);
  if (pools.length === 0)
    return [
      { path: at, found: "no pool", allowed: "one pool or more", fix: "add a pool, or set kind to none" },
    ];
  return pools.flatMap(([name, pool]) => poolProblems(pool, joinPath(at, [name])));
}

// The releases of AMIs in an alias of Karpenter (EC2NodeClass, amiSelectorTerms).
const RELEASES = { bottlerocket: /^v\d+\.\d+\.\d+$/, al2023: /^v\d{8}$/ } as const;

function poolProblems(pool: NodePoolSettings, path: string): Problem[] {
  const { os, imageRelease, architecture, instanceTypes } = pool;
  const typesAt = joinPath(path, ["instanceTypes"]);
  const problems: Problem[] = [];
  if (imageRelease !== undefined && !RELEASES[os].test(imageRelease))
    problems.push({
      path: joinPath(path, ["imageRelease"]),
      found: `${imageRelease}, and os is ${os}`,
      allowed: os === "bottlerocket" ? "a release such as v1.64.0" : "a release such as v20260818",
      fix: "write a release of that system, or leave it out",
    });
  if (instanceTypes !== undefined)
    problems.push(
      ...repeatedEntries(instanceTypes, typesAt),
      ...instanceTypes.flatMap((type, index) =>
        instanceTypeProblems(type, architecture, joinPath(typesAt, [index])),
      ),
      ...spotProblems({ ...pool, instanceTypes }, typesAt),
    );
  return [
    ...problems,
    ...labelProblems(pool, path),
    ...diskProblems(pool.diskSize, joinPath(path, ["diskSize"])),
  ];
}

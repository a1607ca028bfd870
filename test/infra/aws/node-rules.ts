import type { Rule } from "./role-rules.ts";

// What must hold of node groups and between them, by the Amazon EKS user guide.

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const SUBNET = "aws:ec2/subnet:Subnet";

/** Of two groups in different zones one waits for the other: so no two zones are updated at a time. */
export const zonesAreUpdatedInTurn: Rule = (group, graph) => {
  if (group.type !== NODE_GROUP) return [];
  const place = (of: typeof group) =>
    graph
      .behind(of, "subnetIds", SUBNET)
      .map(({ inputs }) => inputs.availabilityZone)
      .join() || JSON.stringify(of.inputs.subnetIds);
  return graph
    .ofType(NODE_GROUP)
    .filter((other) => other.name < group.name && place(other) !== place(group))
    .filter((other) => !graph.waitsFor(group, other) && !graph.waitsFor(other, group))
    .map((other) => ({
      at: "dependsOn",
      found: `neither waits for the other: ${other.name}`,
      allowed:
        "an order between groups of different zones: otherwise an update replaces the nodes of both at a time",
    }));
};

/** User data is what the image of the group reads: TOML on Bottlerocket, MIME parts on Amazon Linux, and no more pods than EKS takes. */
export const userDataFitsTheImage: Rule = (group, graph) => {
  if (group.type !== NODE_GROUP) return [];
  return graph.behind(group, "launchTemplate", TEMPLATE).flatMap(({ inputs }) => {
    if (inputs.userData === undefined) return [];
    const text = Buffer.from(inputs.userData, "base64").toString("utf8");
    const isBase64 = Buffer.from(text, "utf8").toString("base64") === inputs.userData;
    const wanted = String(group.inputs.amiType).startsWith("BOTTLEROCKET")
      ? /^\[settings\.[a-z-]+\]\n(?:[a-z-]+ = \S+\n)*$/
      : /^MIME-Version: 1\.0/;
    const pods = Number(/^max-pods = (.*)$/m.exec(text)?.[1] ?? 8);
    return [
      ...(isBase64 && wanted.test(text)
        ? []
        : [{ at: "userData", found: isBase64 ? text : inputs.userData, allowed: `${wanted} in base64` }]),
      ...(pods >= 8 && pods <= 250 ? [] : [{ at: "max-pods", found: String(pods), allowed: "8 to 250" }]),
    ];
  });
};

/** EC2 takes spot instances away by type and zone, so a group of them has several types; and no group says a taint twice. */
export const groupsAreVaried: Rule = ({ type, inputs }) => {
  if (type !== NODE_GROUP) return [];
  const taints = (inputs.taints ?? []).map((taint: { readonly key: string; readonly effect: string }) =>
    [taint.key, taint.effect].join(":"),
  );
  return [
    ...(inputs.capacityType === "SPOT" && inputs.instanceTypes.length < 2
      ? [{ at: "instanceTypes", found: "one type of spot instances", allowed: "several types" }]
      : []),
    ...(new Set(taints).size === taints.length
      ? []
      : [{ at: "taints", found: taints.join(", "), allowed: "each key and effect once" }]),
  ];
};

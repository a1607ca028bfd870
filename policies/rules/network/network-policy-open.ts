import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { isEmpty } from "../selector.ts";
import type { Value } from "../value.ts";
import { judge } from "../violation.ts";
import { isWorld } from "./address-block.ts";

export const networkPolicyOpen: ResourcePolicy = {
  id: "network-policy-open",
  area: "network",
  pack: "security",
  standards: [
    "CIS EKS 5.4.4",
    "CIS Kubernetes 5.3.2",
    "NSA/CISA Network separation and hardening",
    "NIST SC-7",
    "NIST AC-4",
  ],
  scope: "resource",
  title: "No NetworkPolicy allows everything.",
  why: "Network policies add up: one that allows everything makes all others of its pods void.",
  fix: "name in spec.ingress[].from or spec.egress[].to who talks to the pods, and the ports",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.networkPolicy],
  check: ({ properties }) => {
    const spec = properties.at("spec");
    return [
      ...judge(() =>
        spec
          .at("ingress")
          .items()
          .some((rule) => isOpen(rule, "from"))
          ? "it lets everything in, on every port"
          : undefined,
      ),
      ...judge(() => {
        // Where only what comes in is limited, what goes out is allowed to all by intention; a policy that does no more is void.
        const limitsNothing = spec.at("ingress").items().length === 0 && !limitsIngress(spec);
        return limitsNothing &&
          spec
            .at("egress")
            .items()
            .some((rule) => isOpen(rule, "to"))
          ? "it lets everything out and limits nothing else"
          : undefined;
      }),
    ];
  },
};

function limitsIngress(spec: Value): boolean {
  const types = spec.at("policyTypes").items();
  return types.length === 0 || types.some((type) => type.is("Ingress"));
}

/** Whether one rule allows every peer on every port. */
function isOpen(rule: Value, peers: "from" | "to"): boolean {
  if (rule.at("ports").items().length > 0) return false;
  const listed = rule.at(peers).items();
  return listed.length === 0 || listed.some(isEverybody);
}

/** Every pod of every namespace, or every address. */
function isEverybody(peer: Value): boolean {
  if (peer.at("ipBlock").exists)
    return (
      isWorld(peer.at("ipBlock", "cidr").text() ?? "") && peer.at("ipBlock", "except").items().length === 0
    );
  const namespaces = peer.at("namespaceSelector");
  return namespaces.exists && isEmpty(namespaces) && isEmpty(peer.at("podSelector"));
}

import { containerName, containers, isOperated, podSpec, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { objectNamespace, type ResourceView } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";

/** The one namespace whose pods may see their node; components/prometheus names it. */
export const PRIVILEGED_NAMESPACE = "monitoring-node";

export const restrictedPods: ResourcePolicy = {
  id: "restricted-pods",
  area: "workloads",
  scope: "resource",
  title: "Pods meet the pod security level restricted, except in monitoring-node.",
  why: "A container that escapes from an unrestricted pod controls the node. In a namespace that enforces the level, such a pod does not start.",
  fix: "set runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation: false and capabilities.drop [ALL], and use no host namespaces, ports or paths",
  severity: "critical",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  check: (resource) => {
    const pod = podSpec(resource);
    return [
      ...judge(() => (isPrivileged(resource) ? [] : hostAccess(pod))),
      ...judge(() => (isPrivileged(resource) || !isOperated(resource) ? [] : podContext(pod))),
      // The operator restricts its own containers; for every other pod each container answers for itself.
      ...judgeEach(isOperated(resource) ? [] : containers(resource), (container) =>
        isPrivileged(resource) ? [] : containerContext(container, pod),
      ),
    ];
  },
};

function isPrivileged(resource: ResourceView): boolean {
  return objectNamespace(resource) === PRIVILEGED_NAMESPACE;
}

function hostAccess(pod: Value): string[] {
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((name) => pod.at(name).is(true));
  const mounted = pod
    .at("volumes")
    .items()
    .filter((volume) => volume.at("hostPath").exists);
  return [
    ...shared.map((name) => `the pod has ${name}`),
    ...mounted.map((volume) => `volume ${volume.at("name").text() ?? volume.path} is a hostPath`),
  ];
}

function podContext(pod: Value): string[] {
  const context = pod.at("securityContext");
  return [
    ...(context.at("runAsNonRoot").is(true) ? [] : ["the pod may run as root"]),
    ...(hasSeccompProfile(context) ? [] : ["the pod has no seccompProfile"]),
  ];
}

function containerContext(container: Value, pod: Value): string[] {
  const context = container.at("securityContext");
  const inherited = pod.at("securityContext");
  const subject = containerName(container);
  const nonRoot = context.at("runAsNonRoot").exists ? context : inherited;
  const seccomp = context.at("seccompProfile").exists ? context : inherited;
  const findings: (string | false)[] = [
    !nonRoot.at("runAsNonRoot").is(true) && `${subject} may run as root`,
    !hasSeccompProfile(seccomp) && `${subject} has no seccompProfile`,
    context.at("privileged").is(true) && `${subject} is privileged`,
    !context.at("allowPrivilegeEscalation").is(false) && `${subject} allows privilege escalation`,
    !context
      .at("capabilities", "drop")
      .items()
      .some((capability) => capability.is("ALL")) && `${subject} keeps its capabilities`,
    context
      .at("capabilities", "add")
      .items()
      .some((capability) => !capability.is("NET_BIND_SERVICE")) && `${subject} adds capabilities`,
  ];
  return findings.filter((finding) => finding !== false);
}

function hasSeccompProfile(context: Value): boolean {
  const type = context.at("seccompProfile", "type");
  return type.is("RuntimeDefault") || type.is("Localhost");
}

import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { containerName, containers, isOperated, podSpec, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { remediesOf, stepsOf } from "../remedy.ts";
import { objectNamespace, type ResourceView } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";

/** The namespace whose pods may see their node, in an environment that names none. */
export const PRIVILEGED_NAMESPACE: string = DEFAULT_NAMESPACES.node;

/** Those that a pod has to itself: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const SAFE_SYSCTLS = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);

const SETTINGS = {
  privilegedNamespaces: {
    type: "strings",
    default: [PRIVILEGED_NAMESPACE],
    description: "The namespaces whose pods may see their node.",
  },
} as const;

export const restrictedPods: ResourcePolicy = {
  id: "restricted-pods",
  area: "workloads",
  pack: "security",
  standards: [
    "CIS EKS 4.2.1",
    "CIS EKS 4.2.2",
    "CIS EKS 4.2.3",
    "CIS EKS 4.2.4",
    "CIS EKS 4.2.5",
    "CIS EKS 4.5.2",
    "CIS Kubernetes 5.2.2",
    "CIS Kubernetes 5.2.3",
    "CIS Kubernetes 5.2.4",
    "CIS Kubernetes 5.2.5",
    "CIS Kubernetes 5.2.6",
    "CIS Kubernetes 5.2.7",
    "CIS Kubernetes 5.2.8",
    "CIS Kubernetes 5.2.9",
    "CIS Kubernetes 5.2.10",
    "CIS Kubernetes 5.2.11",
    "CIS Kubernetes 5.2.12",
    "CIS Kubernetes 5.2.13",
    "CIS Kubernetes 5.7.2",
    "CIS Kubernetes 5.7.3",
    "NSA/CISA Kubernetes pod security",
    "NIST AC-6",
  ],
  scope: "resource",
  title: "Pods meet the pod security level restricted, except in namespaces for agents on nodes.",
  why: "A container that escapes from an unrestricted pod controls the node. In a namespace that enforces the level, such a pod does not start.",
  fix: "set runAsNonRoot, no runAsUser of 0, seccompProfile RuntimeDefault, allowPrivilegeEscalation: false and capabilities.drop [ALL], and use no host namespaces, ports or paths",
  severity: "critical",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  settings: SETTINGS,
  check: (resource, context) => {
    const { privilegedNamespaces } = settingsOf(SETTINGS, context);
    const isPrivileged = (one: ResourceView) => privilegedNamespaces.includes(objectNamespace(one));
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
  remedies: (resource, context) => {
    const { privilegedNamespaces } = settingsOf(SETTINGS, context);
    return remediesOf(isOperated(resource) ? [] : containers(resource), (container) => {
      const isLeft = privilegedNamespaces.includes(objectNamespace(resource)) || isWindows(podSpec(resource));
      if (isLeft || !mayForbidEscalation(container)) return undefined;
      return { path: stepsOf(container.at(...ESCALATION).path), value: false };
    });
  },
};

const ESCALATION = ["securityContext", "allowPrivilegeEscalation"] as const;

/** The API server refuses the field in pods of Windows. */
function isWindows(pod: Value): boolean {
  return pod.at("os", "name").is("windows");
}

/** Nothing is stated, and nothing that the API server refuses beside it. */
function mayForbidEscalation(container: Value): boolean {
  const context = container.at("securityContext");
  const added = context.at("capabilities", "add").items();
  return (
    !container.at(...ESCALATION).exists &&
    !context.at("privileged").is(true) &&
    !added.some((capability) => capability.is("SYS_ADMIN") || capability.is("CAP_SYS_ADMIN"))
  );
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
    ...(pod.at("securityContext", "windowsOptions", "hostProcess").is(true)
      ? ["the pod is a process of its host"]
      : []),
    ...pod
      .at("securityContext", "sysctls")
      .items()
      .map((sysctl) => sysctl.at("name").text() ?? "")
      .filter((name) => !SAFE_SYSCTLS.has(name))
      .map((name) => `the pod sets the unsafe sysctl ${name}`),
  ];
}

function podContext(pod: Value): string[] {
  const context = pod.at("securityContext");
  return [
    ...(context.at("runAsNonRoot").is(true) ? [] : ["the pod may run as root"]),
    ...(context.at("runAsUser").is(0) ? ["the pod runs as user 0, which is root"] : []),
    ...(hasSeccompProfile(context) ? [] : ["the pod has no seccompProfile"]),
  ];
}

function containerContext(container: Value, pod: Value): string[] {
  const context = container.at("securityContext");
  const inherited = pod.at("securityContext");
  const subject = containerName(container);
  const nonRoot = context.at("runAsNonRoot").exists ? context : inherited;
  const user = context.at("runAsUser").exists ? context : inherited;
  const seccomp = context.at("seccompProfile").exists ? context : inherited;
  const findings: (string | false)[] = [
    !nonRoot.at("runAsNonRoot").is(true) && `${subject} may run as root`,
    user.at("runAsUser").is(0) && `${subject} runs as user 0, which is root`,
    context.at("procMount").exists &&
      !context.at("procMount").is("Default") &&
      `${subject} sees an unmasked /proc`,
    container
      .at("ports")
      .items()
      .some((port) => (port.at("hostPort").number() ?? 0) !== 0) && `${subject} opens a port of its node`,
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

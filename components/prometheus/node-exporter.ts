import type { IDaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import type { IService } from "kubernetes-models/v1/Service";
import { IMAGES } from "../images/model.ts";
import {
  metadataOf,
  type Namespaces,
  type Placed,
  placed,
  selectorOf,
  WORKLOADS,
} from "../workloads/model.ts";
import { RESTRICTED_POD } from "../workloads/pod-security.ts";
import { renderServiceAccount } from "./access.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";

type NodeExporter = Placed<typeof WORKLOADS.nodeExporter>;

/** node-exporter on every node, in the namespace of its own. */
export function renderNodeExporter(namespaces: Namespaces) {
  const nodeExporter = placed(WORKLOADS.nodeExporter, namespaces);
  return {
    "node-exporter-account": renderServiceAccount(nodeExporter),
    "node-exporter-service": renderService(nodeExporter),
    "node-exporter": renderDaemonSet(nodeExporter),
  };
}

function renderService(nodeExporter: NodeExporter): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(nodeExporter),
    spec: {
      // Nobody asks for "a" node: the Service only lists them.
      clusterIP: "None",
      selector: selectorOf(nodeExporter),
      ports: [{ name: "metrics", port: nodeExporter.ports.metrics, targetPort: "metrics" }],
    },
  };
}

function renderDaemonSet(nodeExporter: NodeExporter): IDaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: metadataOf(nodeExporter),
    spec: {
      selector: { matchLabels: selectorOf(nodeExporter) },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
      template: {
        metadata: { labels: metadataOf(nodeExporter).labels },
        spec: {
          serviceAccountName: nodeExporter.name,
          automountServiceAccountToken: false,
          priorityClassName: PRIORITY_CLASS,
          nodeSelector: { "kubernetes.io/os": "linux" },
          // A node that is tainted because it is ill is the one to watch.
          tolerations: [{ operator: "Exists" }],
          // The network counters of the node are those of its network namespace, its processes those of its PID namespace.
          hostNetwork: true,
          hostPID: true,
          dnsPolicy: "Default",
          securityContext: RESTRICTED_POD,
          containers: [
            {
              name: nodeExporter.name,
              image: IMAGES.nodeExporter,
              args: nodeExporterArguments(nodeExporter),
              ports: [{ name: "metrics", containerPort: nodeExporter.ports.metrics }],
              readinessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 10 },
              livenessProbe: { httpGet: { path: "/", port: "metrics" }, periodSeconds: 30 },
              resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "128Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                // The default seccomp profile lets a process read the clock's state only together with this capability.
                capabilities: { drop: ["ALL"], add: ["SYS_TIME"] },
              },
              volumeMounts: [
                { name: "sys", mountPath: "/host/sys", readOnly: true, mountPropagation: "HostToContainer" },
                {
                  name: "root",
                  mountPath: "/host/root",
                  readOnly: true,
                  mountPropagation: "HostToContainer",
                },
              ],
            },
          ],
          volumes: [
            { name: "sys", hostPath: { path: "/sys" } },
            { name: "root", hostPath: { path: "/" } },
          ],
        },
      },
    },
  };
}

function nodeExporterArguments({ ports }: NodeExporter): string[] {
  return [
    `--web.listen-address=:${ports.metrics}`,
    "--path.sysfs=/host/sys",
    "--path.rootfs=/host/root",
    "--path.udev.data=/host/root/run/udev/data",
    // No node of a cluster has these, and each costs a failed read at every scrape.
    "--no-collector.wifi",
    "--no-collector.nfs",
    "--no-collector.nfsd",
    "--no-collector.zfs",
    "--no-collector.infiniband",
    // Every pod brings mounts and an interface of its own, with names that never come back. The volumes among them are the
    // kubelet's to report, by claim.
    "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run/(containerd|credentials|netns|k3s)|var/lib/(containerd|containers|docker|kubelet/(pods|plugins)))($|/)",
    "--collector.filesystem.fs-types-exclude=^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|ramfs|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs)$",
    `--collector.netdev.device-exclude=${POD_INTERFACES}`,
    `--collector.netclass.ignored-devices=${POD_INTERFACES}`,
  ];
}

// veth: most plug-ins; eni: the AWS VPC CNI; cali: Calico; lxc: Cilium; fifteen hex digits: older container runtimes.
const POD_INTERFACES = "^(veth.*|eni.*|cali.*|lxc.*|[a-f0-9]{15})$";

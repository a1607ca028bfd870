import { createHash } from "node:crypto";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { IService } from "kubernetes-models/v1/Service";
import { stringify } from "yaml";
import { IMAGES } from "../images/model.ts";
import {
  addressOf,
  metadataOf,
  type Namespaces,
  type Placed,
  placed,
  selectorOf,
  WORKLOADS,
} from "../workloads/model.ts";
import { disruptionBudget, spreadIfPossible } from "../workloads/placement.ts";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "../workloads/pod-security.ts";
import { renderServiceAccount } from "./access.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { PRIORITY_CLASS } from "./namespaces.ts";

type BlackboxExporter = Placed<typeof WORKLOADS.blackboxExporter>;

/** Where a Probe finds the prober: the value of `spec.prober.url`. */
export function proberAddress(namespaces: Pick<Namespaces, "monitoring">): string {
  return addressOf({ ...WORKLOADS.blackboxExporter, namespace: namespaces.monitoring }, "http");
}

const HTTP = { preferred_ip_protocol: "ip4", follow_redirects: true } as const;
const TCP = { preferred_ip_protocol: "ip4" } as const;

/**
 * The ways to probe, by the name that a Probe gives as `spec.module`. Ping is none of them: raw sockets take a capability that
 * the restricted level forbids.
 */
export const PROBE_MODULES = {
  /** Any status of the 200s, over http or https. */
  http_2xx: { prober: "http", timeout: "9s", http: HTTP },
  /** The same, and plain http fails: a redirect to it as well. */
  https_2xx: { prober: "http", timeout: "9s", http: { ...HTTP, fail_if_not_ssl: true } },
  /** A TCP connection. */
  tcp_connect: { prober: "tcp", timeout: "9s", tcp: TCP },
  /** A TLS handshake with a certificate that verifies. */
  tls_connect: { prober: "tcp", timeout: "9s", tcp: { ...TCP, tls: true } },
  /** gRPC's own health check, without TLS, as within the cluster. */
  grpc_plain: { prober: "grpc", timeout: "9s", grpc: { preferred_ip_protocol: "ip4", tls: false } },
} as const;

export type ProbeModule = keyof typeof PROBE_MODULES;

const CONFIG_FILE = "blackbox.yml";

/** blackbox-exporter: it looks at services from outside, as their callers do. */
export function renderBlackboxExporter({ settings, namespaces }: ResolvedMonitoring) {
  const blackboxExporter = placed(WORKLOADS.blackboxExporter, namespaces);
  // Where one Prometheus may be lost, one prober may: a probe that cannot be made looks like a service that is down.
  const replicas = settings.replicas > 1 ? 2 : 1;
  const config = stringify({ modules: PROBE_MODULES }, { aliasDuplicateObjects: false });
  return {
    "blackbox-exporter-account": renderServiceAccount(blackboxExporter),
    "blackbox-exporter-config": renderConfig(blackboxExporter, config),
    "blackbox-exporter-service": renderService(blackboxExporter),
    ...(replicas > 1 ? { "blackbox-exporter-disruption-budget": disruptionBudget(blackboxExporter) } : {}),
    "blackbox-exporter": renderDeployment(blackboxExporter, config, replicas),
  };
}

function renderConfig(blackboxExporter: BlackboxExporter, config: string): IConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(blackboxExporter),
    data: { [CONFIG_FILE]: config },
  };
}

function renderService(blackboxExporter: BlackboxExporter): IService {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(blackboxExporter),
    spec: {
      selector: selectorOf(blackboxExporter),
      ports: [{ name: "http", port: blackboxExporter.ports.http, targetPort: "http" }],
    },
  };
}

function renderDeployment(blackboxExporter: BlackboxExporter, config: string, replicas: number): IDeployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(blackboxExporter),
    spec: {
      replicas,
      selector: { matchLabels: selectorOf(blackboxExporter) },
      template: {
        metadata: {
          labels: metadataOf(blackboxExporter).labels,
          // It reads its modules at the start: a changed file starts a new pod.
          annotations: { "bellwether.dev/config-hash": createHash("sha256").update(config).digest("hex") },
        },
        spec: {
          serviceAccountName: blackboxExporter.name,
          automountServiceAccountToken: false,
          priorityClassName: PRIORITY_CLASS,
          nodeSelector: { "kubernetes.io/os": "linux" },
          ...spreadIfPossible(blackboxExporter, { replicas }),
          securityContext: RESTRICTED_POD,
          containers: [
            {
              name: blackboxExporter.name,
              image: IMAGES.blackboxExporter,
              args: [`--config.file=/etc/blackbox/${CONFIG_FILE}`],
              ports: [{ name: "http", containerPort: blackboxExporter.ports.http }],
              readinessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 5 },
              livenessProbe: { httpGet: { path: "/-/healthy", port: "http" }, periodSeconds: 10 },
              resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
              securityContext: RESTRICTED_CONTAINER,
              volumeMounts: [{ name: "config", mountPath: "/etc/blackbox", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: blackboxExporter.name } }],
        },
      },
    },
  };
}

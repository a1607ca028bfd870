import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { CLUSTER_OF_EVERYTHING } from "./cluster-samples.ts";
import { samplesServed } from "./ingress-samples.ts";
import { ISOLATED_NETWORK } from "./network-samples.ts";
import { samplesSent, samplesWithThanos } from "./store-samples.ts";
import { samplesEvaluated } from "./stored-rules-samples.ts";

type Tree = Record<string, unknown>;

export const STACKS = ["dev", "staging", "prod", "local"] as const;

/** What the stack's own file says, as it stands in the repository. */
export function stackFile(stack: string): Tree {
  const text = readFileSync(new URL(`../../stacks/Pulumi.${stack}.yaml`, import.meta.url), "utf8");
  return (parse(text) as { config: Tree }).config["bellwether:environment"] as Tree;
}

/**
 * Right environments that together use every field and every kind of the schema: the four stacks of the repository, and some
 * that say what those leave to their defaults.
 */
export function samples(): Record<string, Tree> {
  const prod = stackFile("prod");
  const local = stackFile("local");
  return {
    ...Object.fromEntries(STACKS.map((stack) => [stack, stackFile(stack)])),
    automatic: {
      ...prod,
      name: "automatic",
      cluster: { ...(prod["cluster"] as Tree), autoscaler: { kind: "auto-mode" } },
    },
    everything: {
      ...prod,
      name: "everything",
      aws: { ...(prod["aws"] as Tree), keys: "own" },
      network: {
        ...(prod["network"] as Tree),
        natGateways: "per-zone",
        flowLogs: true,
        flowLogRetentionDays: 90,
        subnets: {
          private: ["10.40.0.0/19", "10.40.32.0/19", "10.40.64.0/19"],
          public: ["10.40.128.0/24", "10.40.129.0/24", "10.40.130.0/24"],
          ingress: ["10.40.131.0/27", "10.40.131.32/27", "10.40.131.64/27"],
        },
        podBlocks: ["100.64.0.0/20"],
        interfaceEndpoints: ["ecr.api", "ecr.dkr", "sts"],
      },
      cluster: { ...(prod["cluster"] as Tree), ...CLUSTER_OF_EVERYTHING },
      namespaces: { monitoring: "bellwether", node: "bellwether-node" },
      images: {
        registry: "registry.example.com/mirror",
        registries: {
          "quay.io": "registry.example.com/quay",
          "docker.io": "registry.example.com/hub",
          "registry.k8s.io": "registry.example.com:5000/kubernetes",
          "public.ecr.aws": "registry.example.com/ecr",
        },
        pullSecrets: ["registry-credentials"],
        digests: { prometheus: `sha256:${"0123456789abcdef".repeat(4)}` },
      },
      prometheus: {
        otlp: { namespaces: ["shop", "collectors"] },
        crds: "external",
        operator: {
          kind: "existing",
          namespace: "observability",
          matchLabels: { "app.kubernetes.io/name": "prometheus-operator" },
          port: "http",
          kubelets: { namespace: "kube-system", name: "kps-kubelet" },
        },
        kubeStateMetrics: {
          kind: "existing",
          namespace: "observability",
          matchLabels: { "app.kubernetes.io/name": "kube-state-metrics" },
          port: "http",
          telemetryPort: "telemetry",
        },
        nodeExporter: {
          kind: "existing",
          namespace: "observability",
          matchLabels: { "app.kubernetes.io/name": "prometheus-node-exporter" },
          port: "http-metrics",
          hostPort: 9101,
        },
        monitors: "own",
        replicas: 2,
        scrapeInterval: "30s",
        retention: "15d",
        volume: "100Gi",
        activeSeries: 200_000,
        resources: { cpu: "1", memory: "8Gi" },
        store: { kind: "amp", series: "recorded", retentionDays: 395 },
        ingress: { kind: "namespace", namespace: "ingress" },
      },
      alertmanager: {
        ...(prod["alertmanager"] as Tree),
        replicas: 3,
        retention: "5d",
        volume: "5Gi",
        pages: ["critical", "standard"],
        heartbeat: { receiver: "dead-mans-switch", interval: "1m" },
        externalUrl: "https://alertmanager.example.com",
        proxyUrl: "http://proxy.example.com:3128",
        teams: {
          platform: { critical: ["platform-pager"], warning: ["platform-chat"] },
          shop: {
            critical: ["shop-pager"],
            warning: ["shop-chat"],
            hours: { warning: { days: ["monday", "friday"], from: "08:00", to: "18:00", timezone: "UTC" } },
            namespaces: ["shop", "shop-jobs"],
          },
        },
      },
      errorBudget: {
        freeze: "releases",
        openedBy: ["platform"],
        prometheusUrl: "https://prometheus.example.com",
        timeoutSeconds: 10,
      },
      alerts: {
        runbookBaseUrl: "https://runbooks.example.com/bellwether",
        overrides: {
          KubePodCrashLooping: { enabled: true, for: "20m", severity: "warning" },
          NodeCpuSaturated: { threshold: 0.8 },
        },
      },
      grafana: {
        ...(prod["grafana"] as Tree),
        orgId: 2,
        edition: "enterprise",
        teams: { shop: { groups: ["cn=shop,ou=teams"] } },
        serviceAccounts: { pictures: { role: "viewer", tokenGeneration: 2 } },
      },
    },
    shared: {
      ...prod,
      name: "shared",
      network: {
        ...(prod["network"] as Tree),
        existing: {
          vpcId: "vpc-0123456789abcdef0",
          privateSubnets: [
            "subnet-0123456789abcdef0",
            "subnet-0123456789abcdef1",
            "subnet-0123456789abcdef2",
          ],
        },
      },
      cluster: {
        ...(prod["cluster"] as Tree),
        endpoint: { access: "private", networks: ["10.8.0.0/16", "192.168.16.0/20"] },
        autoscaler: { kind: "none" },
      },
    },
    isolated: {
      ...prod,
      name: "isolated",
      network: { ...(prod["network"] as Tree), ...ISOLATED_NETWORK },
      images: { registry: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mirror" },
      alertmanager: { ...(prod["alertmanager"] as Tree), proxyUrl: "http://proxy.example.com:3128" },
    },
    workspace: {
      ...prod,
      name: "workspace",
      grafana: {
        kind: "amazon-managed",
        version: "12.4",
        signIn: {
          kind: "identity-center",
          administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"],
          editors: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"],
          viewers: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c40"],
        },
        networkAccess: { prefixLists: ["pl-0123456789abcdef0"], endpoints: ["vpce-0123456789abcdef0"] },
        insideVpc: true,
        prometheusUrl: "https://prometheus.prod.example.com",
        alertmanagerUrl: "https://alertmanager.prod.example.com",
        teams: { shop: { groups: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3f"] } },
        serviceAccounts: { pictures: { role: "viewer", tokenGeneration: 1 } },
        cloudWatch: true,
        alerting: { notifications: "policy", cloudWatch: { kind: "workspace-role" } },
        url: "https://g-0123456789.grafana-workspace.eu-central-1.amazonaws.com",
        tokenGeneration: 2,
      },
    },
    stored: {
      ...prod,
      name: "stored",
      prometheus: { store: { kind: "amp", series: "all" } },
      grafana: {
        kind: "amazon-managed",
        signIn: {
          kind: "identity-center",
          administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"],
        },
      },
    },
    ...samplesEvaluated(prod),
    ...samplesSent(local),
    ...samplesWithThanos(prod, local),
    ...samplesServed(prod),
    federated: {
      ...local,
      name: "federated",
      aws: prod["aws"],
      grafana: {
        kind: "amazon-managed",
        signIn: {
          kind: "saml",
          metadataUrl: "https://idp.example.com/metadata",
          roleAttribute: "role",
          groupsAttribute: "groups",
          administrators: ["grafana-admin"],
          editors: ["grafana-editor"],
        },
        prometheusUrl: "https://prometheus.example.com",
      },
    },
    owned: {
      ...local,
      name: "owned",
      prometheus: {
        operator: { kind: "own" },
        kubeStateMetrics: { kind: "own" },
        nodeExporter: { kind: "own" },
      },
    },
    paired: {
      ...prod,
      name: "paired",
      tier: "development",
      network: undefined,
      cluster: {
        kind: "existing",
        name: "shop",
        context: "shop-staging",
        eks: {
          name: "shop-staging",
          credentials: {
            kind: "irsa",
            oidcProvider: "oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
          },
        },
        zones: 3,
      },
      prometheus: undefined,
      grafana: {
        kind: "amazon-managed",
        signIn: { kind: "identity-center", administrators: ["83a4c8d2-5061-70f2-8cf8-1f1d2b1a9c3e"] },
        prometheusUrl: "https://prometheus.example.com",
      },
    },
    named: {
      ...prod,
      name: "named",
      network: undefined,
      cluster: {
        kind: "existing",
        name: "shop",
        eks: { name: "shop-prod", credentials: { kind: "pod-identity" } },
        storageClass: "gp3",
        zones: 3,
      },
    },
    elsewhere: {
      ...local,
      name: "elsewhere",
      cluster: {
        ...(local["cluster"] as Tree),
        kind: "existing",
        kubeconfig: "~/.kube/config",
        distribution: "eks",
        zones: 1,
      },
      prometheus: {
        crds: "external",
        operator: { kind: "beside" },
        ingress: { kind: "blocks", blocks: ["10.40.0.0/16"] },
      },
      grafana: {
        kind: "in-cluster",
        adminPasswordSecret: "grafanaAdminPassword",
        secretKeySecret: "grafanaKey",
        volume: "5Gi",
        externalUrl: "https://grafana.example.com",
        alerting: { notifications: "per-rule" },
      },
    },
  };
}

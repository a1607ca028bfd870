import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { configuration, monitoring } from "./monitoring.ts";

// The objects of the careless bookshop on its cluster.

const SHOP = { app: "shop" };

export function objects(opts: CustomResourceOptions): void {
  const shop = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, opts);
  const stack = new k8s.helm.v3.Release(
    "kube-prometheus-stack",
    {
      name: "kps",
      chart: "kube-prometheus-stack",
      namespace: "observability",
      createNamespace: true,
      repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
    },
    opts,
  );
  const within = { ...opts, dependsOn: [shop, stack] };
  workload(within);
  access(within);
  monitoring(within);
  configuration(within);
}

function workload(opts: CustomResourceOptions): void {
  const metadata = { name: "shop", namespace: "shop" };
  new k8s.apps.v1.Deployment(
    "shop",
    {
      metadata,
      spec: {
        replicas: 3,
        strategy: { type: "Recreate" },
        selector: { matchLabels: SHOP },
        template: {
          metadata: { labels: SHOP },
          spec: {
            containers: [
              {
                name: "shop",
                image: "shop:latest",
                ports: [{ name: "http", containerPort: 8080 }],
                env: [{ name: "DATABASE_PASSWORD", value: "bookworm-1984" }],
                securityContext: { privileged: true },
              },
            ],
          },
        },
      },
    },
    opts,
  );
  // Nobody renamed the selector when the Deployment was renamed.
  new k8s.core.v1.Service(
    "shop",
    { metadata, spec: { type: "NodePort", selector: { app: "books" }, ports: [{ port: 80 }] } },
    opts,
  );
  new k8s.core.v1.ConfigMap("defaults", { metadata: { name: "defaults" }, data: { LOG: "debug" } }, opts);
  new k8s.apps.v1.StatefulSet(
    "orders",
    {
      metadata: { name: "orders", namespace: "shop" },
      spec: {
        serviceName: "orders",
        replicas: 1,
        selector: { matchLabels: { app: "orders" } },
        template: {
          metadata: { labels: { app: "orders" } },
          spec: {
            containers: [
              {
                name: "orders",
                image: "postgres",
                volumeMounts: [{ name: "data", mountPath: "/var/lib/postgresql/data" }],
              },
            ],
            volumes: [{ name: "data", emptyDir: {} }],
          },
        },
      },
    },
    opts,
  );
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    "shop",
    {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
        minReplicas: 1,
        maxReplicas: 1,
      },
    },
    opts,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    "shop",
    { metadata, spec: { maxUnavailable: 0, selector: { matchLabels: SHOP } } },
    opts,
  );
  new k8s.networking.v1.NetworkPolicy(
    "shop",
    { metadata, spec: { podSelector: {}, ingress: [{}], policyTypes: ["Ingress"] } },
    opts,
  );
  const backend = { service: { name: "kps-prometheus", port: { number: 9090 } } };
  new k8s.networking.v1.Ingress(
    "prometheus",
    {
      metadata: { name: "prometheus", namespace: "observability" },
      spec: {
        ingressClassName: "nginx",
        rules: [
          {
            host: "prometheus.books.example.com",
            http: { paths: [{ path: "/", pathType: "Prefix", backend }] },
          },
        ],
      },
    },
    opts,
  );
  new k8s.batch.v1.CronJob(
    "restock",
    {
      metadata: { name: "restock", namespace: "shop" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: "OnFailure", containers: [{ name: "restock", image: "restock" }] },
            },
          },
        },
      },
    },
    opts,
  );
  new k8s.storage.v1.StorageClass(
    "fast",
    { metadata: { name: "fast" }, provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
    opts,
  );
}

function access(opts: CustomResourceOptions): void {
  new k8s.rbac.v1.ClusterRole(
    "shop",
    { metadata: { name: "shop" }, rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] },
    opts,
  );
  new k8s.rbac.v1.ClusterRoleBinding(
    "shop",
    {
      metadata: { name: "shop" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: "shop" }],
    },
    opts,
  );
  new k8s.rbac.v1.ClusterRoleBinding(
    "everybody",
    {
      metadata: { name: "everybody" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:authenticated" }],
    },
    opts,
  );
}

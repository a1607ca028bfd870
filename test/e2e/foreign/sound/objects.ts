import * as k8s from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { LABELS, meta, SHOP } from "./metadata.ts";
import { customResources, monitoring } from "./monitoring.ts";

// The objects of the bookshop on its cluster.

export function objects(opts: CustomResourceOptions): void {
  const namespaces = ["shop", "observability"].map(
    (name) =>
      new k8s.core.v1.Namespace(
        name,
        { metadata: { name, labels: { ...LABELS, "pod-security.kubernetes.io/enforce": "restricted" } } },
        opts,
      ),
  );
  const within = { ...opts, dependsOn: namespaces };
  const stack = new k8s.helm.v3.Release(
    "kube-prometheus-stack",
    {
      name: "kps",
      chart: "kube-prometheus-stack",
      version: "85.0.2",
      namespace: "observability",
      repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
      values: { grafana: { defaultDashboardsEnabled: false } },
    },
    within,
  );
  workload(within);
  const onStack = { ...opts, dependsOn: [...namespaces, stack] };
  monitoring(onStack);
  customResources(onStack);
}

function workload(opts: CustomResourceOptions): void {
  new k8s.core.v1.ServiceAccount("shop", { metadata: meta("shop") }, opts);
  const probe = (path: string, failureThreshold: number) => ({
    httpGet: { path, port: "http" },
    failureThreshold,
    periodSeconds: 10,
  });
  new k8s.apps.v1.Deployment(
    "shop",
    {
      metadata: meta("shop"),
      spec: {
        selector: { matchLabels: SHOP },
        template: {
          metadata: { labels: SHOP },
          spec: {
            serviceAccountName: "shop",
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: SHOP },
              },
            ],
            containers: [
              {
                name: "shop",
                image: "444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop:4f2c9e1",
                ports: [{ name: "http", containerPort: 8080 }],
                env: [
                  { name: "LOG_LEVEL", value: "info" },
                  {
                    name: "DATABASE_PASSWORD",
                    valueFrom: { secretKeyRef: { name: "database", key: "password" } },
                  },
                ],
                envFrom: [{ configMapRef: { name: "shop" } }],
                resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } },
                readinessProbe: probe("/ready", 3),
                livenessProbe: probe("/alive", 6),
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
    opts,
  );
  new k8s.core.v1.ConfigMap(
    "shop",
    {
      metadata: meta("shop"),
      data: { CATALOGUE_URL: "https://catalogue.example.com", TOKEN_FILE: "/var/run/secrets/shop/token" },
    },
    opts,
  );
  new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    "shop",
    {
      metadata: meta("shop"),
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
        minReplicas: 3,
        maxReplicas: 12,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
          },
        ],
      },
    },
    opts,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    "shop",
    { metadata: meta("shop"), spec: { maxUnavailable: 1, selector: { matchLabels: SHOP } } },
    opts,
  );
  new k8s.core.v1.Service(
    "shop",
    {
      metadata: { ...meta("shop"), labels: { ...LABELS, ...SHOP } },
      spec: { selector: SHOP, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    opts,
  );
  new k8s.networking.v1.NetworkPolicy(
    "nothing",
    { metadata: meta("nothing"), spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    opts,
  );
  const from = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "observability" } } }];
  new k8s.networking.v1.NetworkPolicy(
    "shop",
    {
      metadata: meta("shop"),
      spec: {
        podSelector: { matchLabels: SHOP },
        policyTypes: ["Ingress"],
        ingress: [{ from, ports: [{ port: "http" }] }],
      },
    },
    opts,
  );
  new k8s.networking.v1.Ingress(
    "shop",
    {
      metadata: meta("shop"),
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["books.example.com"], secretName: "books" }],
        rules: [
          {
            host: "books.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "shop", port: { name: "http" } } },
                },
              ],
            },
          },
        ],
      },
    },
    opts,
  );
  new k8s.batch.v1.CronJob(
    "restock",
    {
      metadata: meta("restock"),
      spec: {
        schedule: "17 3 * * *",
        concurrencyPolicy: "Forbid",
        jobTemplate: {
          spec: {
            activeDeadlineSeconds: 1800,
            backoffLimit: 2,
            template: {
              spec: {
                restartPolicy: "Never",
                serviceAccountName: "shop",
                automountServiceAccountToken: false,
                securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                  {
                    name: "restock",
                    image: "444455556666.dkr.ecr.eu-west-1.amazonaws.com/restock:build-1841",
                    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "128Mi" } },
                    securityContext: {
                      allowPrivilegeEscalation: false,
                      readOnlyRootFilesystem: true,
                      capabilities: { drop: ["ALL"] },
                    },
                  },
                ],
              },
            },
          },
        },
      },
    },
    opts,
  );
}

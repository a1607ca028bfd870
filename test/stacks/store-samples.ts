type Tree = Record<string, unknown>;

/** Environments that send their samples to a store of somebody else's: one outside, with every field, and one on the cluster. */
export function samplesSent(local: Tree): Record<string, Tree> {
  return {
    sent: {
      ...local,
      name: "sent",
      prometheus: {
        store: {
          kind: "endpoint",
          url: "https://prometheus-prod-01.grafana.example.com/api/prom/push",
          series: "all",
          authentication: { kind: "basic", username: "123456", passwordSecret: "storeToken" },
          tenant: "shop",
          tenantHeader: "X-Scope-OrgID",
          replicaLabel: true,
          nativeHistograms: true,
        },
      },
    },
    received: {
      ...local,
      name: "received",
      prometheus: {
        store: {
          kind: "endpoint",
          url: "http://thanos-receive.thanos.svc.cluster.local:19291/api/v1/receive",
          authentication: { kind: "bearer", tokenSecret: "storeToken" },
          tenant: "shop",
          tenantHeader: "THANOS-TENANT",
        },
      },
    },
  };
}

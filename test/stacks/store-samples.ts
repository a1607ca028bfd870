import { defineService, type Service, type ServiceDefinition } from "../../components/service/model.ts";

type Tree = Record<string, unknown>;

/** A service that runs in two clusters and pages over both. */
export function everywhere(more: Partial<ServiceDefinition> = {}): Service {
  return defineService({
    name: "everywhere",
    owner: "shop",
    tier: "standard",
    description: "A service that runs in two clusters",
    namespace: "shop",
    page: false,
    http: { port: "http", metrics: "otel" },
    ...more,
  } as ServiceDefinition);
}

/** What the samples need to know of others: a service whose objectives are judged over two environments, and their names. */
export const SURROUNDINGS = {
  environments: ["sent", "sent-us"],
  services: [everywhere({ only: ["sent", "sent-us"] })],
};

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
        global: { name: "everywhere", environments: ["sent", "sent-us"], services: ["everywhere"] },
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

/** Environments with Thanos: a bucket of their own, one that exists, and object storage of another provider. */
export function samplesWithThanos(prod: Tree, local: Tree): Record<string, Tree> {
  return {
    uploaded: {
      ...prod,
      name: "uploaded",
      prometheus: {
        store: {
          kind: "thanos",
          bucket: { kind: "created" },
          rawRetention: "120d",
          fiveMinuteRetention: "400d",
          hourRetention: "800d",
          queryMemory: "2Gi",
          storeMemory: "4Gi",
          storeVolume: "20Gi",
          compactorMemory: "4Gi",
          compactorVolume: "200Gi",
          rulerMemory: "2Gi",
          rulerVolume: "20Gi",
        },
        rules: "store",
        shards: 2,
      },
    },
    archived: {
      ...prod,
      name: "archived",
      prometheus: {
        store: {
          kind: "thanos",
          bucket: {
            kind: "s3",
            name: "samples-of-archived",
            region: "eu-west-1",
            kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
          },
        },
      },
    },
    offloaded: {
      ...local,
      name: "offloaded",
      prometheus: {
        store: {
          kind: "thanos",
          bucket: {
            kind: "secret",
            configSecret: "objectStorage",
            endpoint: "https://storage.googleapis.com",
          },
        },
      },
    },
  };
}

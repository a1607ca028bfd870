import * as pulumi from "@pulumi/pulumi";
import { MetricsStore } from "../components/amp/component.ts";
import type { ClusterHandle } from "../components/cluster/component.ts";
import { eksNameOf, podCredentials } from "../components/cluster/model.ts";
import { SampleBucket } from "../components/thanos/component.ts";
import { objectStorageOf } from "../components/thanos/model.ts";
import { namespacesOf, WORKLOADS } from "../components/workloads/model.ts";
import type { Environment } from "../stacks/environment.ts";
import type { Account } from "./account.ts";

/** Where samples are sent on to, where they are. */
export function createStore(environment: Environment, account: Account | undefined, cluster: ClusterHandle) {
  const { name, tier, cluster: settings, prometheus } = environment;
  const { store: chosen } = prometheus;
  const credentials = podCredentials(settings);
  const eksName = eksNameOf(settings, name);
  if (chosen.kind !== "amp" || account === undefined) return undefined;
  // stacks/rules.ts refuses remote write from any other cluster.
  if (credentials === undefined || eksName === undefined) throw new Error("remote write from outside EKS");
  const { accountId, region, tags, provider } = account;
  const store = new MetricsStore(
    "samples",
    {
      environment: name,
      retentionDays: chosen.retentionDays,
      cluster: settings.kind === "eks" ? cluster : { name: pulumi.output(eksName) },
      clusterName: eksName,
      credentials,
      writer: { namespace: namespacesOf(environment).monitoring, serviceAccount: WORKLOADS.prometheus.name },
      accountId,
      region,
      keys: account.keys,
      tags,
      protectData: tier === "production",
    },
    { provider },
  );
  const { arn, workspaceId, endpoint, remoteWriteUrl, ready, writerRole } = store;
  return { arn, workspaceId, endpoint, remoteWriteUrl, ready, writerRole, region, store };
}

/** The S3 bucket of Thanos, and how its pods get in; nothing where the object storage is in a secret, or there is no Thanos. */
export function createSampleBucket(
  environment: Environment,
  account: Account | undefined,
  cluster: ClusterHandle,
) {
  const { name, tier, cluster: settings, prometheus } = environment;
  const { store } = prometheus;
  if (store.kind !== "thanos" || account === undefined) return {};
  const objectStorage = objectStorageOf(store, name, account);
  if (objectStorage === undefined) return {};
  const credentials = podCredentials(settings);
  const eksName = eksNameOf(settings, name);
  // stacks/rules refuses S3 from any other cluster.
  if (credentials === undefined || eksName === undefined) throw new Error("a bucket of S3 from outside EKS");
  const { accountId, region, tags, provider } = account;
  const { access } = new SampleBucket(
    "sample-bucket",
    {
      storage: objectStorage,
      bucket: store.bucket.kind === "created" ? "created" : "existing",
      ruler: prometheus.rules === "store",
      cluster: settings.kind === "eks" ? cluster : { name: pulumi.output(eksName) },
      clusterName: eksName,
      namespace: namespacesOf(environment).monitoring,
      credentials,
      accountId,
      region,
      keys: account.keys,
      tags,
      protectData: tier === "production",
    },
    { provider },
  );
  return { objectStorage, objectStorageAccess: access };
}

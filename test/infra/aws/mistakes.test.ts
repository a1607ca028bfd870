import { beforeAll, describe, expect, it } from "vitest";
import { AUTO_MODE_MISTAKES } from "./auto-mode-mistakes.ts";
import { AwsCheck } from "./check.ts";
import { DOCUMENT_MISTAKES } from "./document-mistakes.ts";
import { inWords } from "./fault.ts";
import { type GraphResource, graphOf } from "./graph.ts";
import { HEARTBEAT_MISTAKES } from "./heartbeat-mistakes.ts";
import { INGRESS_MISTAKES } from "./ingress-mistakes.ts";
import { KARPENTER_MISTAKES } from "./karpenter-mistakes.ts";
import { BUCKET_KEY_MISTAKES, KEY_MISTAKES, STORE_TOPIC_KEY_MISTAKES } from "./key-mistakes.ts";
import type { Mistake } from "./mistake.ts";
import { NODE_MISTAKES } from "./node-mistakes.ts";
import { RESOURCE_MISTAKES } from "./resource-mistakes.ts";
import { STORED_RULES_MISTAKES } from "./stored-rules-mistakes.ts";
import { VARIANTS } from "./variants.ts";

// Mistakes that AWS would refuse in the first `up`, or take without effect, put into production's own resources one at a time.

let check: AwsCheck;
let production: readonly GraphResource[];
let served: readonly GraphResource[];
let watched: readonly GraphResource[];
let grouped: readonly GraphResource[];
let scaled: readonly GraphResource[];
let automatic: readonly GraphResource[];
let stored: readonly GraphResource[];
let encrypted: readonly GraphResource[];
let encryptedBucket: readonly GraphResource[];
let encryptedStore: readonly GraphResource[];

beforeAll(async () => {
  check = await AwsCheck.load();
  production = await graphOf("prod");
  served = await graphOf("prod", VARIANTS["a load balancer with sign-in, and Grafana on the cluster"]);
  grouped = await graphOf(
    "prod",
    VARIANTS["prefix delegation, and spot instances for pods that tolerate them"],
  );
  scaled = await graphOf("prod", VARIANTS["Karpenter, with a pool on demand and one of spot instances"]);
  automatic = await graphOf("prod", VARIANTS["EKS Auto Mode"]);
  encrypted = await graphOf(
    "prod",
    VARIANTS["own keys, Karpenter, and an alarm on heartbeats in another region"],
  );
  encryptedBucket = await graphOf("prod", VARIANTS["own keys and Thanos with a bucket of its own"]);
  encryptedStore = await graphOf("prod", VARIANTS["own keys and rules in AMP"]);
  watched = await graphOf("prod", VARIANTS["an alarm on heartbeats in another region"]);
  stored = await graphOf(
    "prod",
    VARIANTS["rules in AMP, whose alert manager pages PagerDuty and publishes to SNS"],
  );
});

/** What is found in a graph with a mistake, a line for each fault. */
async function faultsWith({ type, name, make }: Mistake, graph: readonly GraphResource[]): Promise<string> {
  const resources = structuredClone(graph) as GraphResource[];
  const resource = resources.find((candidate) => candidate.type === type && candidate.name === name);
  if (resource === undefined) throw new Error(`no ${type} ${name}`);
  make(resource.inputs, resource as { dependsOn: readonly string[] });
  return (await check.faults(resources)).map(inWords).join("\n");
}

const MISTAKES = { ...RESOURCE_MISTAKES, ...DOCUMENT_MISTAKES };

describe("a mistake in what AWS is asked for", () => {
  it.each(Object.entries(MISTAKES))("is found: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, production)).toMatch(mistake.says);
  });

  it.each(Object.entries(INGRESS_MISTAKES))("is found in front of the cluster: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, served)).toMatch(mistake.says);
  });

  it.each(Object.entries(HEARTBEAT_MISTAKES))(
    "is found in an alarm on heartbeats: %s",
    async (_, mistake) => {
      expect(await faultsWith(mistake, watched)).toMatch(mistake.says);
    },
  );

  it.each(Object.entries(NODE_MISTAKES))("is found in groups of nodes: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, grouped)).toMatch(mistake.says);
  });

  it.each(Object.entries(KARPENTER_MISTAKES))("is found in Karpenter: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, scaled)).toMatch(mistake.says);
  });

  it.each(Object.entries(AUTO_MODE_MISTAKES))("is found in EKS Auto Mode: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, automatic)).toMatch(mistake.says);
  });
  it.each(Object.entries(STORED_RULES_MISTAKES))(
    "is found in rules of a workspace: %s",
    async (_, mistake) => {
      expect(await faultsWith(mistake, stored)).toMatch(mistake.says);
    },
  );

  it.each(Object.entries(KEY_MISTAKES))("is found in keys: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, encrypted)).toMatch(mistake.says);
  });

  it.each(Object.entries(BUCKET_KEY_MISTAKES))("is found in the key of a bucket: %s", async (_, mistake) => {
    expect(await faultsWith(mistake, encryptedBucket)).toMatch(mistake.says);
  });

  it.each(Object.entries(STORE_TOPIC_KEY_MISTAKES))(
    "is found in the key of a store's topic: %s",
    async (_, mistake) => {
      expect(await faultsWith(mistake, encryptedStore)).toMatch(mistake.says);
    },
  );

  it("is one of at least twenty kinds, and without it there is nothing to find", async () => {
    expect(Object.keys(MISTAKES).length).toBeGreaterThanOrEqual(20);
    expect(await check.faults(production)).toEqual([]);
    expect(await check.faults(served)).toEqual([]);
    expect(await check.faults(watched)).toEqual([]);
    expect(await check.faults(grouped)).toEqual([]);
    expect(await check.faults(scaled)).toEqual([]);
    expect(await check.faults(automatic)).toEqual([]);
    expect(await check.faults(stored)).toEqual([]);
    expect(await check.faults(encrypted)).toEqual([]);
    expect(await check.faults(encryptedBucket)).toEqual([]);
    expect(await check.faults(encryptedStore)).toEqual([]);
  });

  it("is also a resource that no call is known of", async () => {
    const [any] = production.filter(({ type }) => type === "aws:eks/cluster:Cluster");
    const unknown = { ...(any as GraphResource), type: "aws:rds/instance:Instance" };
    await expect(check.faults([unknown])).rejects.toThrow("nothing in calls.ts says");
  });
});

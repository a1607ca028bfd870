import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../components/core/problems.ts";
import type { MonitoringArgs } from "../../../components/prometheus/component.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";
import { LOCAL, PRODUCTION, PRODUCTION_SETTINGS, WITH_RULER, WITH_THANOS } from "./samples.ts";

interface Registered {
  readonly type: string;
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly dependsOn: readonly string[];
}

/** Creates the component under Pulumi's mocks and returns what it registers, by logical name. */
async function registered(args: MonitoringArgs): Promise<ReadonlyMap<string, Registered>> {
  const { Monitoring } = await import("../../../components/prometheus/component.ts");
  const names = new Map<pulumi.Resource, string>();
  const found = new Map<string, Registered>();
  const record: pulumi.ResourceTransformation = ({ resource, type, name, opts }) => {
    names.set(resource, name);
    const dependsOn = [(opts as pulumi.CustomResourceOptions).dependsOn ?? []].flat() as pulumi.Resource[];
    found.set(name, {
      type,
      parent: opts.parent && names.get(opts.parent),
      protect: opts.protect === true,
      dependsOn: dependsOn.map((dependency) => names.get(dependency) ?? "unknown"),
    });
    return undefined;
  };
  const monitoring = new Monitoring("monitoring", args, { transformations: [record] });
  expect(monitoring.namespace).toBe("monitoring");
  await registrationsEnded();
  return found;
}

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  });
});

describe("Monitoring in production", () => {
  let resources: ReadonlyMap<string, Registered>;
  const find = (name: string) => resources.get(name) as Registered;
  const ofType = (type: string) =>
    [...resources].filter(([, resource]) => resource.type === type).map(([name]) => name);

  /** Everything that a resource waits for, however far down. */
  const restsOn = (name: string): Set<string> => {
    const below = new Set<string>();
    const waiting = [...find(name).dependsOn];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (below.has(next)) continue;
      below.add(next);
      waiting.push(...(resources.get(next)?.dependsOn ?? []));
    }
    return below;
  };

  beforeAll(async () => {
    resources = await registered({ ...PRODUCTION, protectData: true });
  });

  it("is one component whose children are all its own", () => {
    const children = [...resources].filter(
      ([name]) => name !== "monitoring" || find(name).parent !== undefined,
    );
    expect(children.length).toBeGreaterThan(45);
    for (const [name, { parent }] of children) expect(parent, name).toBe("monitoring");
  });

  it("registers typed Kubernetes resources, and custom ones only for the operator's kinds", () => {
    const types = new Set([...resources.values()].map(({ type }) => type));
    expect([...types].filter((type) => !type.startsWith("kubernetes:")).sort()).toEqual([]);
    expect(ofType("kubernetes:helm.sh/v3:Release")).toEqual(["monitoring-definitions"]);
    expect(find("monitoring").type).toBe("kubernetes:monitoring.coreos.com/v1:Prometheus");
    expect(ofType("kubernetes:monitoring.coreos.com/v1:ServiceMonitor").length).toBe(13);
  });

  it("protects the Prometheus resource and its namespace, and nothing else", () => {
    expect(
      [...resources]
        .filter(([, { protect }]) => protect)
        .map(([name]) => name)
        .sort(),
    ).toEqual(["monitoring", "monitoring-namespace"]);
  });

  it("creates namespaces, then policies, then definitions, then the operator, then what the operator reads", () => {
    expect(find("monitoring-namespace").dependsOn).toEqual([]);
    for (const policy of ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy"))
      expect(restsOn(policy)).toEqual(new Set(["monitoring-namespace", "monitoring-node-namespace"]));
    expect(restsOn("monitoring-definitions")).toContain("monitoring-namespace");
    for (const earlier of ["monitoring-definitions", "monitoring-network-policy-prometheus-operator"])
      expect(restsOn("monitoring-operator")).toContain(earlier);
    for (const custom of [...ofType("kubernetes:monitoring.coreos.com/v1:ServiceMonitor"), "monitoring"])
      for (const earlier of ["monitoring-namespace", "monitoring-definitions", "monitoring-operator"])
        expect(restsOn(custom)).toContain(earlier);
    expect(find("monitoring").dependsOn).toContain("monitoring-server-account");
  });

  it("starts no pod before its network policy", () => {
    for (const workload of [
      ...ofType("kubernetes:apps/v1:Deployment"),
      ...ofType("kubernetes:apps/v1:DaemonSet"),
    ])
      expect(restsOn(workload)).toContain("monitoring-network-policy-default");
  });

  it("makes no Service wait for pods that wait for the Service", () => {
    // A headless Service has no pods of its own: Pulumi waits for none.
    const awaited = ofType("kubernetes:core/v1:Service").filter(
      (name) => name !== "monitoring-kubelet-service",
    );
    for (const service of awaited)
      for (const name of resources.keys()) expect(restsOn(name), name).not.toContain(service);
  });

  it("makes the kubelets' Service before the operator, so that it is deleted after the operator, which would make it again", () => {
    expect(restsOn("monitoring-operator")).toContain("monitoring-kubelet-service");
  });
});

describe("Monitoring elsewhere", () => {
  it("leaves definitions alone that something else keeps, and protects nothing", async () => {
    const resources = await registered({ ...LOCAL, protectData: false });
    expect([...resources.values()].some(({ type }) => type.includes("helm"))).toBe(false);
    expect([...resources.values()].some(({ protect }) => protect)).toBe(false);
  });

  it("refuses settings that disagree, with every problem, before anything is registered", async () => {
    const settings = { ...PRODUCTION_SETTINGS, retention: "400d", replicas: 4 } as const;
    await expect(registered({ ...PRODUCTION, settings, protectData: true })).rejects.toThrow(
      InvalidInputError,
    );
    await expect(registered({ ...PRODUCTION, settings, protectData: true })).rejects.toThrow(
      /prometheus\.retention[\s\S]+prometheus\.replicas/,
    );
  });
});

describe("Monitoring with a store that exists", () => {
  const store = {
    kind: "endpoint",
    url: "https://mimir.example.com/api/v1/push",
    authentication: { kind: "bearer", tokenSecret: "storeToken" },
  } as const;
  const args = { ...LOCAL, settings: { ...LOCAL.settings, store }, protectData: false };

  it("has the Secret with its credentials before Prometheus", async () => {
    const resources = await registered({ ...args, secrets: { storeToken: "t0ken" } });
    expect(resources.get("monitoring-remote-write")?.type).toBe("kubernetes:core/v1:Secret");
    const prometheus = [...resources].find(([, { type }]) => type.endsWith(":Prometheus"));
    expect(prometheus?.[1].dependsOn).toContain("monitoring-remote-write");
  });

  it("refuses a secret without a value, with the command that sets it", async () => {
    const refused = await registered(args).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect((refused as Error).message).toContain("pulumi config set --secret bellwether:storeToken");
  });
});

describe("Monitoring with Thanos", () => {
  const args = { ...WITH_THANOS, protectData: false };

  it("has the Secret of the object storage, under a generated name, before Prometheus and what reads the bucket", async () => {
    const resources = await registered(args);
    expect(resources.get("monitoring-object-storage")?.type).toBe("kubernetes:core/v1:Secret");
    const prometheus = [...resources].find(([, { type }]) => type.endsWith(":Prometheus"));
    for (const dependent of [
      prometheus?.[1],
      resources.get("monitoring-thanos-store"),
      resources.get("monitoring-thanos-compactor"),
    ])
      expect(dependent?.dependsOn).toContain("monitoring-object-storage");
    expect(resources.get("monitoring-thanos-query-service")?.dependsOn).toContain("monitoring-thanos-query");
  });

  it("has the rulers before Prometheus leaves rules to them", async () => {
    const resources = await registered({ ...WITH_RULER, protectData: false });
    const [name, { dependsOn }] = [...resources].find(([, { type }]) => type.endsWith(":ThanosRuler")) ?? [
      "",
      { dependsOn: [] },
    ];
    expect(dependsOn).toEqual(
      expect.arrayContaining(["monitoring-operator", "monitoring-object-storage", "monitoring-thanos-query"]),
    );
    const prometheus = [...resources].find(([, { type }]) => type.endsWith(":Prometheus"));
    expect(prometheus?.[1].dependsOn).toContain(name);
  });

  it("refuses a bucket of S3 that it is not given", async () => {
    const { objectStorage: _, ...without } = args;
    await expect(registered(without)).rejects.toThrow("no bucket is given");
  });

  it("refuses object storage in a secret without a value, with the command that sets it", async () => {
    const store = {
      kind: "thanos",
      bucket: { kind: "secret", configSecret: "objectStorage", endpoint: "https://storage.googleapis.com" },
    } as const;
    const refused = await registered({ ...args, settings: { ...args.settings, store } }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(InvalidInputError);
    expect((refused as Error).message).toContain("pulumi config set --secret bellwether:objectStorage");
  });
});

import { describe, expect, it } from "vitest";
import { capacityInWords, capacityOf, type DeployedResource } from "../../../cli/estimate/capacity.ts";
import { estimateOf } from "../../../cli/estimate/estimate.ts";
import { pricesIn } from "../../../cli/estimate/prices.ts";
import { byUseInWords, totalInWords } from "../../../cli/estimate/words.ts";
import { Previewed } from "./previewed.ts";

const SOURCE = "date: 2026-01-01, source: 'https://example.com/prices'";
const price = (item: string, unit: string, amount: number, more = "") =>
  `  - { region: eu-west-1, item: ${item}, unit: ${unit}, amount: ${amount}, ${more}${SOURCE} }\n`;
/** Round prices, so that a sum is done in the head. */
const LIST = pricesIn(
  `prices:\n${[
    price("EKS cluster", "hour", 0.1),
    price("instance m7i.large", "hour", 0.2),
    price("gp3 volume", "GB-month", 0.1),
    price("NAT gateway", "hour", 0.05),
    price("NAT gateway traffic", "GB", 0.06),
    price("public IPv4 address", "hour", 0.005),
    price("KMS key", "month", 1),
    price("load balancer", "hour", 0.03),
    price("alarm", "month", 0.1),
    price("samples ingested", "10 million", 0.9, "upTo: 200, "),
    price("samples ingested", "10 million", 0.3, "upTo: 25000, "),
    price("samples stored", "GB-month", 0.03),
  ].join("")}`,
);

const resource = (type: string, name: string, inputs: DeployedResource["inputs"] = {}): DeployedResource => ({
  type,
  name,
  inputs,
});
const AWS = resource("pulumi:providers:aws", "aws", { region: "eu-west-1" });
const CLASS = resource("kubernetes:storage.k8s.io/v1:StorageClass", "class", {
  metadata: { name: "gp3-encrypted" },
  parameters: { type: "gp3" },
});
const group = (zone: string, instanceType = "m7i.large", more = {}) =>
  resource("aws:eks/nodeGroup:NodeGroup", `cluster-general-${zone}`, {
    instanceTypes: [instanceType, "m6i.large"],
    scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 5 },
    ...more,
  });
const TEMPLATE = resource("aws:ec2/launchTemplate:LaunchTemplate", "cluster-general", {
  blockDeviceMappings: [{ ebs: { volumeType: "gp3" } }, { ebs: { volumeType: "gp3", volumeSize: 50 } }],
});
const prometheus = (spec = {}) =>
  resource("kubernetes:monitoring.coreos.com/v1:Prometheus", "monitoring", {
    spec: {
      replicas: 2,
      resources: { requests: { cpu: "1", memory: "8Gi" }, limits: { memory: "8Gi" } },
      storage: {
        volumeClaimTemplate: {
          spec: { storageClassName: "gp3-encrypted", resources: { requests: { storage: "100Gi" } } },
        },
      },
      ...spec,
    },
  });
const AMP = { sigv4: { region: "eu-west-1" } };
const RECORDED = { ...AMP, writeRelabelConfigs: [{ action: "keep", regex: ".+:.+|ALERTS|up" }] };

const LOAD = { scrapeInterval: "30s", recordedSeries: 100, activeSeries: 500_000 } as const;
const estimate = (...resources: readonly DeployedResource[]) =>
  estimateOf(capacityOf([AWS, CLASS, TEMPLATE, ...resources]), LOAD, LIST);
const amounts = (...resources: readonly DeployedResource[]) =>
  estimate(...resources)?.lines.map(({ label, monthly, mostMonthly }) => [
    label,
    monthly === undefined ? undefined : Number(monthly.toFixed(4)),
    mostMonthly === undefined ? undefined : Number(mostMonthly.toFixed(4)),
  ]);

describe("an estimate", () => {
  it("counts 730 hours of what is billed by the hour", () => {
    expect(
      amounts(
        resource("aws:eks/cluster:Cluster", "cluster", { version: "1.35" }),
        resource("aws:ec2/natGateway:NatGateway", "a"),
        resource("aws:ec2/natGateway:NatGateway", "b"),
        resource("aws:ec2/eip:Eip", "a"),
        resource("aws:kms/key:Key", "a"),
      ),
    ).toEqual([
      ["EKS control plane", 73, 73],
      ["NAT gateways", 73, 73],
      ["public IPv4 addresses", 3.65, 3.65],
      ["KMS keys", 1, 1],
    ]);
  });

  it("counts load balancers with their public addresses, alarms, and names what is billed by use", () => {
    const balancer = (internal: boolean) =>
      resource("aws:lb/loadBalancer:LoadBalancer", "ingress", { internal, subnets: ["a", "b", "c"] });
    const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "heartbeat");
    expect(amounts(balancer(true), alarm)).toEqual([
      ["load balancers", 21.9, 21.9],
      ["alarms of CloudWatch", 0.1, 0.1],
    ]);
    expect(amounts(balancer(false))).toEqual([
      ["public IPv4 addresses", 10.95, 10.95],
      ["load balancers", 21.9, 21.9],
    ]);
    const byUse = estimate(
      balancer(true),
      resource("aws:sqs/queue:Queue", "interruptions"),
      resource("kubernetes:karpenter.sh/v1:NodePool", "general", { spec: { limits: { cpu: "64" } } }),
      resource("kubernetes:karpenter.sh/v1:NodePool", "batch", { spec: { limits: { cpu: "128" } } }),
    )?.byUse;
    expect(byUse).toEqual([
      "the capacity units of load balancers",
      "messages of queues and topics",
      "nodes that Karpenter starts, up to 192 vCPUs",
    ]);
    const automatic = resource("aws:eks/cluster:Cluster", "cluster", { computeConfig: { enabled: true } });
    expect(estimate(automatic)?.byUse.join()).toContain("all nodes, which EKS Auto Mode starts");
  });

  it("says that an alarm is not in the sum where its price is not known", () => {
    const list = pricesIn(`prices:\n${price("load balancer", "hour", 0.03)}`);
    const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "heartbeat");
    expect(estimateOf(capacityOf([AWS, alarm]), LOAD, list)?.unpriced).toEqual([
      "no price for alarm in eu-west-1: 1 alarm is not in the estimate",
    ]);
  });

  it("counts the wanted nodes of all zones, by the first instance type, and the most of them", () => {
    // 4 × 0.2 × 730, and 10 of them; 4 × 50 GiB at 0.1.
    expect(amounts(group("a"), group("b"))).toEqual([
      ["nodes m7i.large", 584, 1460],
      ["disks of nodes", 20, 50],
    ]);
  });

  it("counts a volume of each pod", () => {
    expect(amounts(prometheus())).toEqual([["volumes of Prometheus", 20, 20]]);
  });

  it("counts the written samples of recorded series once, whatever the number of replicas", () => {
    // 100 series, one sample in 30 s, 730 h: 8.76 million. 395 days of 288,000 a day, 2 bytes each: 0.212 GiB.
    expect(
      amounts(
        prometheus({ storage: undefined, remoteWrite: [RECORDED] }),
        resource("aws:amp/workspaceConfiguration:WorkspaceConfiguration", "samples", {
          retentionPeriodInDays: 395,
        }),
      ),
    ).toEqual([
      ["samples written to Amazon Managed Service for Prometheus", 0.7884, 0.7884],
      ["samples kept by Amazon Managed Service for Prometheus", 0.0064, 0.0064],
    ]);
  });

  it("has another price for samples beyond the first two thousand million", () => {
    // 500,000 series: 43,800 million. 200 × 0.9 and 4,180 × 0.3.
    expect(amounts(prometheus({ storage: undefined, remoteWrite: [AMP] }))).toEqual([
      ["samples written to Amazon Managed Service for Prometheus", 1434, 1434],
    ]);
  });

  it("names what has no price, and says that the sum is a least one", () => {
    const found = estimate(group("a", "m7g.large"), resource("aws:ec2/natGateway:NatGateway", "a"));
    expect(found?.unpriced).toEqual([
      "no price for instance m7g.large in eu-west-1: 2 nodes are not in the estimate",
    ]);
    // 36.50 for the NAT gateway and 10 for the disks.
    expect(found === undefined ? "" : totalInWords(found)).toBe("at least $46.50");
  });

  it("has no price for spot instances, for volumes of an unknown type and for samples beyond the last price", () => {
    const small = pricesIn(`prices:\n${price("samples ingested", "10 million", 0.9, "upTo: 200, ")}`);
    const capacity = capacityOf([
      AWS,
      group("a", "m7i.large", { capacityType: "SPOT" }),
      prometheus({ remoteWrite: [AMP] }),
    ]);
    const found = estimateOf(capacity, LOAD, small);
    expect(found?.unpriced).toEqual([
      "spot instances have no list price: 2 nodes m7i.large are not in the estimate",
      "the type of the storage class gp3-encrypted is not known: 2 × 100Gi of Prometheus are not in the estimate",
      "no price in eu-west-1 for samples beyond 2,000 million a month: 41,800 million are not in the estimate",
    ]);
    expect(found?.monthly).toBe(180);
  });

  it("names what is billed by use, with its price where that is known", () => {
    const found = estimate(
      resource("aws:ec2/natGateway:NatGateway", "a"),
      resource("aws:cloudwatch/logGroup:LogGroup", "logs"),
    );
    expect(found === undefined ? "" : byUseInWords(found)).toBe(
      "billed by use, and not in the estimate: traffic, what NAT gateways process ($0.06 a GB), logs, kept logs",
    );
  });

  it("names the surcharge for a version that AWS supports for longer", () => {
    const cluster = resource("aws:eks/cluster:Cluster", "cluster", {
      version: "1.33",
      upgradePolicy: { supportType: "EXTENDED" },
    });
    expect(estimate(cluster)?.unpriced.join()).toContain("the surcharge for Kubernetes 1.33");
  });

  it("is none without resources in AWS", () => {
    expect(estimateOf(capacityOf([CLASS, prometheus()]), LOAD, LIST)).toBeUndefined();
  });
});

describe("the capacity of an environment", () => {
  it.each([
    ["local", undefined],
    ["dev", "eu-central-1"],
    ["prod", "eu-central-1"],
  ])("of %s is that of its resources", (name, region) => {
    const { settings, resources } = new Previewed(name);
    const capacity = capacityOf(resources);
    expect(capacity.region).toBe(region);
    const words = capacityInWords(capacity);
    expect(words.get("memory of Prometheus")).toBe(
      `${settings["prometheus.replicas"]} × ${settings["prometheus.resources.memory"]}`,
    );
    expect(words.get("volumes of Alertmanager")).toBe(
      `${settings["alertmanager.replicas"]} × ${settings["alertmanager.volume"]}`,
    );
    const zones = settings["network.zones"]?.split(", ").length ?? 0;
    const least = Number(settings["cluster.nodeGroups.general.minPerZone"] ?? 0) * zones;
    const most = Number(settings["cluster.nodeGroups.general.maxPerZone"] ?? 0) * zones;
    const type = settings["cluster.nodeGroups.general.instanceTypes"];
    expect(words.get(`nodes ${type}`)).toBe(
      region === undefined ? undefined : `${least}, and between ${least} and ${most}`,
    );
    const gateways = { "per-zone": zones, single: 1 }[settings["network.natGateways"] ?? ""];
    expect(words.get("NAT gateways")).toBe(gateways === undefined ? undefined : String(gateways));
    expect(words.get("cluster-logs kept for")).toBe(
      region === undefined ? undefined : `${settings["cluster.logRetentionDays"]} days`,
    );
  });

  it("is a sum that a reader can redo, line by line", () => {
    const { settings, resources } = new Previewed("prod");
    const found = estimateOf(capacityOf(resources), {
      scrapeInterval: settings["prometheus.scrapeInterval"] as "30s",
      recordedSeries: 200,
      activeSeries: 500_000,
    });
    const sums = (found?.lines ?? []).map(({ label, how, monthly }) => {
      const [, units = "", dollars = "", per = ""] = /^(.+) at \$([\d.]+) (.+)$/.exec(how) ?? [];
      // Such as `3 nodes`, `150 GiB`, `2 × 200Gi`, `17.5 million samples of 200 series`; of samples the price is for ten million.
      const [, first = "0", , times = "1"] = /^([\d.,]+)( × ([\d.]+))?/.exec(units) ?? [];
      const amount = Number(first.replaceAll(",", "")) * Number(times);
      const each = Number(dollars) * (per === "an hour" ? 730 : 1) * (per === "for 10 million" ? 0.1 : 1);
      expect(Math.abs(amount * each - (monthly ?? 0)), `${label}: ${how}`).toBeLessThan(0.05);
      return monthly ?? 0;
    });
    expect(sums.length).toBeGreaterThan(8);
    expect(sums.reduce((sum, each) => sum + each, 0)).toBeCloseTo(found?.monthly ?? 0, 6);
  });

  it("knows that prod writes recorded series, and dev none", () => {
    expect(capacityOf(new Previewed("prod").resources).written).toBe("recorded");
    expect(capacityOf(new Previewed("dev").resources).written).toBe("nothing");
  });

  it("has a price for all of it in each environment of this repository", () => {
    for (const name of ["dev", "staging", "prod"]) {
      const capacity = capacityOf(new Previewed(name).resources);
      const lines = estimateOf(capacity, LOAD)?.lines ?? [];
      expect(lines.length).toBeGreaterThan(6);
      expect(lines.filter(({ monthly }) => monthly === undefined)).toEqual([]);
    }
  });
});

import { Ajv } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { renderNodeClass, renderNodePool } from "../../../components/autoscaler/node-pools.ts";
import { autoscaler, type NodePoolSettings } from "../../../components/cluster/autoscaler-settings.ts";
import { karpenterSchema } from "../../support/published-schemas.ts";

function poolOf(changes: object = {}): NodePoolSettings {
  const pools = { general: { cpuLimit: 64, memoryLimit: "256Gi", ...changes } };
  const parsed = autoscaler.parse({ kind: "karpenter", pools });
  if (parsed.kind !== "karpenter" || parsed.pools["general"] === undefined) throw new Error("no pool");
  return parsed.pools["general"];
}

const COMMON = {
  instanceProfile: "nodes",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupId: "sg-0123456789abcdef0",
  prefixDelegation: false,
  tags: { "bellwether:environment": "prod" },
};

const SPOT = poolOf({
  os: "al2023",
  imageRelease: "v20260818",
  architecture: "arm64",
  capacity: "spot",
  instanceTypes: ["m7g.large", "m8g.large", "c7g.xlarge"],
  labels: { "example.com/workload": "batch" },
  taints: [{ key: "example.com/spot", value: "true", effect: "NoSchedule" }],
  diskSize: "100Gi",
  expireAfter: "7d",
});

/** A schema in which a field that it does not know is an error, as the API server drops such a field. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, strict(value)] as const);
  const closed = Object.fromEntries(entries);
  const isOpen = "additionalProperties" in closed || "x-kubernetes-preserve-unknown-fields" in closed;
  return "properties" in closed && !isOpen ? { ...closed, additionalProperties: false } : closed;
}

describe("the objects of Karpenter", () => {
  const problems = new Map<string, (object: unknown) => unknown>();
  beforeAll(async () => {
    for (const file of ["karpenter.sh_nodepools", "karpenter.k8s.aws_ec2nodeclasses"]) {
      const schema = strict(await karpenterSchema(file)) as { properties: Record<string, unknown> };
      schema.properties["metadata"] = {};
      const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
      problems.set(file, (object) => (validate(object) ? [] : validate.errors));
    }
  });

  it.each([
    ["a pool of which only the limits are said", poolOf()],
    ["a pool with every field", SPOT],
  ])("are what its definitions take: %s", (_, pool) => {
    expect(problems.get("karpenter.sh_nodepools")?.(renderNodePool("general", pool))).toEqual([]);
    for (const prefixDelegation of [false, true]) {
      const nodeClass = renderNodeClass("general", pool, { ...COMMON, prefixDelegation });
      expect(problems.get("karpenter.k8s.aws_ec2nodeclasses")?.(nodeClass)).toEqual([]);
    }
  });

  it("are not taken with a field of another name", () => {
    const pool = renderNodePool("general", SPOT);
    const wrong = { ...pool, spec: { ...pool.spec, limit: pool.spec.limits } };
    expect(problems.get("karpenter.sh_nodepools")?.(wrong)).not.toEqual([]);
  });

  it("start what the pool names, and no more", () => {
    const { template, limits } = renderNodePool("batch", SPOT).spec;
    expect(template.metadata.labels).toEqual({
      "example.com/workload": "batch",
      "bellwether.dev/node-group": "batch",
    });
    expect(template.spec.taints).toEqual([{ key: "example.com/spot", value: "true", effect: "NoSchedule" }]);
    const wanted = Object.fromEntries(template.spec.requirements.map(({ key, values }) => [key, values]));
    expect(wanted).toEqual({
      "kubernetes.io/os": ["linux"],
      "kubernetes.io/arch": ["arm64"],
      "karpenter.sh/capacity-type": ["spot"],
      "node.kubernetes.io/instance-type": ["m7g.large", "m8g.large", "c7g.xlarge"],
    });
    expect(limits).toEqual({ cpu: "64", memory: "256Gi" });
  });

  it("choose from three families where no type is named", () => {
    const { requirements } = renderNodePool("general", poolOf()).spec.template.spec;
    expect(requirements.slice(3)).toEqual([
      { key: "karpenter.k8s.aws/instance-category", operator: "In", values: ["c", "m", "r"] },
      { key: "karpenter.k8s.aws/instance-generation", operator: "Gt", values: ["5"] },
    ]);
  });

  it("have the image of their system, encrypted disks, and tokens for metadata within one hop", () => {
    const { spec } = renderNodeClass("batch", SPOT, COMMON);
    expect(spec.amiSelectorTerms).toEqual([{ alias: "al2023@v20260818" }]);
    expect(spec.blockDeviceMappings.map(({ ebs }) => ebs.volumeSize)).toEqual(["100Gi"]);
    expect(spec.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    const bottlerocket = renderNodeClass("general", poolOf(), { ...COMMON, prefixDelegation: true }).spec;
    expect(bottlerocket.amiSelectorTerms).toEqual([{ alias: "bottlerocket@latest" }]);
    expect(bottlerocket.blockDeviceMappings.map(({ ebs }) => ebs.volumeSize)).toEqual(["4Gi", "50Gi"]);
    expect(bottlerocket.kubelet).toEqual({ maxPods: 110 });
  });
});

import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { RecordedResource, Recording } from "../../cli/recording/monitor.ts";
import { type Program, record } from "../../cli/recording/recorder.ts";
import { redacted, redactedInShape } from "../../cli/recording/wire.ts";
import { InvalidInputError } from "../../components/core/problems.ts";

const context = { project: "bellwether", stack: "test", config: {}, secretKeys: [] };

function resource(recording: Recording, name: string): RecordedResource {
  const found = recording.resources.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

class Pair extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("bellwether:test:Pair", name, {}, opts);
    const vpc = new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }, { parent: this, protect: true });
    new aws.ec2.Subnet(`${name}-subnet`, { vpcId: vpc.id, cidrBlock: vpc.cidrBlock }, { parent: this });
    this.registerOutputs({});
  }
}

const pairProgram: Program = async () => {
  const provider = new aws.Provider("aws", { region: "eu-central-1" });
  const pair = new Pair("network", { provider });
  new aws.s3.Bucket(
    "logs",
    {},
    { provider, dependsOn: [pair], retainOnDelete: true, aliases: [{ name: "old" }] },
  );
  return { id: provider.id };
};

describe("what a recording holds", () => {
  it("is a resource's parent, its type qualified by it, and the stack above all", async () => {
    const recording = await record(pairProgram, context);
    const pair = resource(recording, "network-subnet").parent;
    expect(pair).toBe("urn:pulumi:test::bellwether::bellwether:test:Pair::network");
    expect(resource(recording, "network-subnet").urn).toBe(
      "urn:pulumi:test::bellwether::bellwether:test:Pair$aws:ec2/subnet:Subnet::network-subnet",
    );
    const stack = resource(recording, "bellwether-test");
    expect(stack.parent).toBeUndefined();
    expect(recording.resources.find(({ urn }) => urn === pair)?.parent).toBe(stack.urn);
  });

  it("is what a resource waits for, said or implied by a value, through a component to what it holds", async () => {
    const recording = await record(pairProgram, context);
    const vpc = recording.resources.find(({ type }) => type === "aws:ec2/vpc:Vpc")?.urn;
    const subnet = resource(recording, "network-subnet");
    expect(subnet.dependsOn).toEqual([vpc]);
    expect(subnet.propertyDependencies).toMatchObject({ vpcId: [vpc] });
    expect(resource(recording, "logs").dependsOn).toEqual([subnet.urn, vpc].sort());
  });

  it("is protection, retention, aliases and the provider, which is inherited", async () => {
    const recording = await record(pairProgram, context);
    const vpc = recording.resources.find(({ type }) => type === "aws:ec2/vpc:Vpc");
    expect(vpc?.protect).toBe(true);
    expect(vpc?.provider).toBe("urn:pulumi:test::bellwether::pulumi:providers:aws::aws");
    expect(resource(recording, "network-subnet").protect).toBe(false);
    expect(resource(recording, "logs")).toMatchObject({
      retainOnDelete: true,
      aliases: expect.arrayContaining([expect.stringContaining("name=old")]),
    });
  });

  it("is unknown where a provider would compute it, and known where the program said it", async () => {
    const recording = await record(pairProgram, context);
    expect(redacted(resource(recording, "network-subnet").inputs)).toEqual({
      vpcId: "[unknown]",
      cidrBlock: "10.0.0.0/16",
    });
    expect(redacted(recording.outputs)).toEqual({ id: "[unknown]" });
  });

  it("has the shape of a URL where a manifest has an unknown url, and only there", async () => {
    const recording = await record(async () => {
      const provider = new kubernetes.Provider("cluster", {});
      const { arn } = new aws.s3.Bucket("bucket", {}, { provider: new aws.Provider("aws", {}) });
      const spec = { remoteWrite: [{ url: arn, name: arn }] };
      new kubernetes.apiextensions.CustomResource(
        "prometheus",
        { apiVersion: "monitoring.coreos.com/v1", kind: "Prometheus", spec },
        { provider },
      );
      return {};
    }, context);
    const { inputs } = resource(recording, "prometheus");
    const printed = (url: string) => ({ spec: { remoteWrite: [{ url, name: "[unknown]" }] } });
    expect(redactedInShape(inputs)).toMatchObject(printed("https://unknown.invalid"));
    expect(redacted(inputs)).toMatchObject(printed("[unknown]"));
  });

  it("comes in the order of URNs, whatever the order of creation", async () => {
    const recording = await record(pairProgram, context);
    const urns = recording.resources.map(({ urn }) => urn);
    expect(urns).toEqual(urns.toSorted());
  });

  it("includes what waits for a value that comes after the program has returned", async () => {
    const recording = await record(async () => {
      const provider = new aws.Provider("aws", {});
      const late = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 50));
      new aws.s3.Bucket("late", { bucket: late }, { provider });
      return {};
    }, context);
    expect(resource(recording, "late").inputs).toEqual({ bucket: "late" });
  });
});

describe("secrets in a recording", () => {
  const program: Program = async () => {
    const key = new pulumi.Config("bellwether").requireSecret("key");
    const provider = new kubernetes.Provider("cluster", {});
    new kubernetes.core.v1.Secret(
      "secret",
      { metadata: { name: "secret" }, stringData: { key, plain: "text" } },
      { provider },
    );
    new kubernetes.core.v1.ConfigMap(
      "map",
      { data: { url: pulumi.interpolate`https://${key}@host` } },
      { provider },
    );
    return { key };
  };
  const withKey = { ...context, config: { "bellwether:key": "hunter2" }, secretKeys: ["bellwether:key"] };

  it("are shown as such, and so is what is made from them", async () => {
    const recording = await record(program, withKey);
    expect(redacted(resource(recording, "secret").inputs)).toMatchObject({ stringData: "[secret]" });
    expect(redacted(resource(recording, "map").inputs)).toMatchObject({ data: { url: "[secret]" } });
    expect(redacted(recording.outputs)).toEqual({ key: "[secret]" });
    const shown = JSON.stringify(
      recording.resources.map(({ inputs }) => [redacted(inputs), redactedInShape(inputs)]),
    );
    expect(shown).not.toContain("hunter2");
  });

  it("keep the keys of their map where an object's shape matters", async () => {
    const recording = await record(program, withKey);
    expect(redactedInShape(resource(recording, "secret").inputs)).toMatchObject({
      stringData: { key: "[secret]", plain: "[secret]" },
    });
  });
});

describe("runs in one process", () => {
  const namedAfterStack: Program = async () => {
    const config = new pulumi.Config("bellwether");
    const provider = new aws.Provider("aws", {});
    new aws.s3.Bucket(`${pulumi.getStack()}-${config.get("only") ?? "none"}`, {}, { provider });
    return {};
  };

  it("see their own stack and config, and nothing of the run before", async () => {
    const first = await record(namedAfterStack, {
      ...context,
      stack: "one",
      config: { "bellwether:only": "mine" },
    });
    const second = await record(namedAfterStack, { ...context, stack: "two" });
    expect(first.resources.map(({ name }) => name)).toContain("one-mine");
    expect(second.resources.map(({ name }) => name)).toContain("two-none");
    expect(second.resources).toHaveLength(first.resources.length);
    expect(second.resources.every(({ urn }) => urn.startsWith("urn:pulumi:two::"))).toBe(true);
  });

  it("give the same recording twice", async () => {
    expect(await record(pairProgram, context)).toEqual(await record(pairProgram, context));
  });

  it("go on after one that failed", async () => {
    await expect(record(async () => Promise.reject(new Error("broken")), context)).rejects.toThrow("broken");
    expect((await record(pairProgram, context)).resources).toHaveLength(6);
  });

  it("are told the day they run as, and leave no trace of it", async () => {
    const day: Program = async () => ({ day: process.env["BELLWETHER_TODAY"] });
    expect((await record(day, context, { today: "2027-01-02" })).outputs).toEqual({ day: "2027-01-02" });
    expect(process.env["BELLWETHER_TODAY"]).toBeUndefined();
  });
});

describe("what a program must not do", () => {
  it("is to give two resources one URN", async () => {
    const twice: Program = async () => {
      const provider = new aws.Provider("aws", {});
      for (let i = 0; i < 2; i++) new aws.s3.Bucket("same", {}, { provider });
      return {};
    };
    await expect(record(twice, context)).rejects.toThrow("two resources have the URN");
  });

  it("is to look something up, because a preview would have to invent the answer", async () => {
    const lookUp: Program = async () => ({ zones: await aws.getAvailabilityZones({}) });
    await expect(record(lookUp, context)).rejects.toThrow("looked up aws:index/getAvailabilityZones");
  });

  it("is told with a stack trace when it is a defect, and as problems when the input is refused", async () => {
    const broken: Program = async () => {
      throw new TypeError("defect");
    };
    const error = await record(broken, context).catch((caught: unknown) => caught);
    expect((error as Error).stack).toContain("recorder.test.ts");
    const problem = { path: "a", found: "b", allowed: "c", fix: "d" };
    const refusing: Program = async () => {
      throw new InvalidInputError("x", [problem]);
    };
    await expect(record(refusing, context)).rejects.toMatchObject({ problems: [problem] });
  });
});

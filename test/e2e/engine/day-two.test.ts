import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import program from "../../../infra/index.ts";
import { LOAD_BALANCER } from "../../infra/aws/variants.ts";
import { done } from "../command-line.ts";
import { environmentIn, secretValues } from "../environment.ts";
import { createProject, failureOf, ROOT, succeeded, type TemporaryProject, TODAY } from "../project.ts";
import { everythingIn, WORLD_VARIABLE } from "../providers/simulator.ts";
import { rolledBack } from "../rolled-back.ts";
import { expectInTurn, stepListener } from "../steps.ts";

// What is done to production after its first day, on the real engine with simulated providers: docs/how-to/upgrade-kubernetes.md, nodes.md and
// networks.md. Each change is previewed and deployed, on top of the one before it.

process.env["BELLWETHER_TODAY"] = TODAY;

const ZONES = ["a", "b", "c"].map((letter) => `eu-central-1${letter}`);

type Tree = { [key: string]: Tree } & { [key: string]: unknown };

/** Production with everything that stands around a cluster: load balancer, Karpenter, long-term storage. */
async function production(): Promise<{
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Tree;
}> {
  const file = parse(await readFile(join(ROOT, "stacks", "Pulumi.prod.yaml"), "utf8"));
  const environment = file.config["bellwether:environment"] as Tree;
  environment["cluster"] = {
    ...environment["cluster"],
    version: "1.34",
    nodeGroups: {
      general: { instanceTypes: ["m7i.xlarge"] },
      batch: {
        instanceTypes: ["m7i.large"],
        minPerZone: 0,
        taints: [{ key: "example.com/batch", value: "true", effect: "NoSchedule" }],
      },
    },
    autoscaler: { kind: "karpenter", pools: { spare: { cpuLimit: 32, memoryLimit: "128Gi" } } },
  } as unknown as Tree;
  (environment["prometheus"] as Tree)["ingress"] = {
    ...LOAD_BALANCER,
    programs: ["10.8.0.7/32"],
  } as unknown as Tree;
  return { config: file.config, environment };
}

describe("production, on the real engine", () => {
  let project: TemporaryProject;
  let stack: Stack;
  let current: Tree;

  const file = (name = "prod") => join(project.folder, "stacks", `Pulumi.${name}.yaml`);
  /** What the stack's file has beside the environment: secrets and their salt. */
  let rest: Readonly<Record<string, unknown>>;
  const write = async (environment: Tree) => {
    const { config, ...others } = rest as { readonly config: object };
    await writeFile(
      file(),
      stringify({ ...others, config: { ...config, "bellwether:environment": environment } }),
    );
    current = environment;
  };
  /** The file with a change; returns what undoes it. */
  const change = async (edit: (environment: Tree) => void) => {
    const before = current;
    const edited = structuredClone(current);
    edit(edited);
    await write(edited);
    return () => write(before);
  };

  beforeAll(async () => {
    project = await createProject();
    const { environment } = await production();
    stack = await project.createStack("prod", program);
    const stackFile = parse(await readFile(file(), "utf8"));
    stackFile.config["bellwether:environment"] = environment;
    await writeFile(file(), stringify(stackFile));
    for (const [name, value] of secretValues(environmentIn(stackFile, "prod")))
      await stack.setConfig(`bellwether:${name}`, { value, secret: true });
    rest = parse(await readFile(file(), "utf8"));
    await write(environment);
    await succeeded(stack.up({ color: "never" }));
  });
  afterAll(() => project?.remove());

  /** Previews a change and deploys it. Both do the same; returns that, and when each step began and ended. */
  async function deployed() {
    const previewed = stepListener();
    await succeeded(stack.preview(previewed.options));
    const carriedOut = stepListener();
    await succeeded(stack.up(carriedOut.options));
    expect(carriedOut.steps()).toEqual(previewed.steps());
    return { steps: carriedOut.steps(), order: carriedOut.order() };
  }

  it("refuses to skip a minor version, in a preview and in a deployment, before anything is changed", async () => {
    const reason = 'EKS goes up by one minor version at a time: deploy cluster.version "1.35" first';
    const undo = await change(({ cluster }) => void Object.assign(cluster ?? {}, { version: "1.36" }));
    const before = await everythingIn(project.world);
    expect(await failureOf(stack.preview({ color: "never" }))).toContain(reason);
    const tried = stepListener();
    expect(await failureOf(stack.up(tried.options))).toContain(reason);
    expect(tried.order().filter((step) => step.startsWith("end "))).toEqual([]);
    expect(await everythingIn(project.world)).toEqual(before);
    await undo();
  });

  it("goes up by one minor version: control plane, add-ons of every node, nodes zone by zone, other add-ons", async () => {
    await change(({ cluster }) => void Object.assign(cluster ?? {}, { version: "1.35" }));
    const { steps, order } = await deployed();
    const parts = [
      ["update Cluster cluster"],
      ["update Addon cluster-kube-proxy"],
      ...ZONES.map((zone) => ofZone("update", zone)),
      ["update Addon cluster-coredns"],
    ];
    expect(steps).toEqual(parts.flat().sort());
    expectInTurn(order, parts);
  });

  it("refuses to go back, and after the rollback of the page has nothing left to do but cluster DNS", async () => {
    const undo = await change(({ cluster }) => void Object.assign(cluster ?? {}, { version: "1.34" }));
    expect(await failureOf(stack.preview({ color: "never" }))).toContain("a rollback outside of Pulumi");

    // What a refresh reads once AWS has rolled back nodes, kube-proxy and control plane.
    const deployment = await stack.exportStack();
    await stack.importStack(rolledBack(deployment));
    const previewed = stepListener();
    await succeeded(stack.preview(previewed.options));
    expect(previewed.steps()).toEqual(["update Addon cluster-coredns"]);
    await stack.importStack(deployment);
    await undo();
  });

  it("takes a new image of nodes to one zone after the other, and changes nothing else", async () => {
    await change(({ cluster }) => {
      for (const group of Object.values(cluster?.["nodeGroups"] ?? {}))
        Object.assign(group as Tree, { imageRelease: "1.35.6-20260818" });
    });
    const { steps, order } = await deployed();
    const parts = ZONES.map((zone) => ofZone("update", zone));
    expect(steps).toEqual(parts.flat().sort());
    expectInTurn(order, parts);
  });

  it("renames a node group: the new nodes are there before the old ones go, and no other group is touched", async () => {
    await change(({ cluster }) => {
      const groups = cluster?.["nodeGroups"] as Tree;
      groups["jobs"] = groups["batch"] as Tree;
      delete groups["batch"];
    });
    const { steps, order } = await deployed();
    const ofGroup = (op: string, group: string) => [
      `${op} LaunchTemplate cluster-${group}`,
      ...ZONES.map((zone) => `${op} NodeGroup cluster-${group}-${zone}`),
    ];
    expect(steps).toEqual([...ofGroup("create", "jobs"), ...ofGroup("delete", "batch")].sort());
    expectInTurn(order, [ofGroup("create", "jobs"), ofGroup("delete", "batch").slice(1)]);
  });

  it("grows by a block for pods, and only adds", async () => {
    const block = "100.64.0.0/16";
    await change(({ network }) => void Object.assign(network ?? {}, { podBlocks: [block] }));
    const { steps } = await deployed();
    expect(steps).toEqual(
      [
        `create SecurityGroupIngressRule cluster-api-from-${block}`,
        `create VpcIpv4CidrBlockAssociation network-pods-${block}`,
        ...ZONES.flatMap((zone) =>
          ["Subnet", "RouteTableAssociation"].map((kind) => `create ${kind} network-pods-${block}-${zone}`),
        ),
      ].sort(),
    );
  });

  it("gets another zone, which the control plane is not asked to enter", async () => {
    const zone = "eu-central-1d";
    const zones = (network: Tree | undefined) => [
      ...((network?.["zones"] ?? []) as unknown as string[]),
      zone,
    ];
    const undo = await change(({ network }) => void Object.assign(network ?? {}, { zones: zones(network) }));
    expect(await failureOf(stack.preview({ color: "never" }))).toContain("set cluster.controlPlaneZones");
    await undo();

    await change(({ network, cluster }) => {
      Object.assign(cluster ?? {}, { controlPlaneZones: network?.["zones"] });
      Object.assign(network ?? {}, { zones: zones(network) });
    });
    const { steps } = await deployed();
    const created = steps.filter((step) => step.startsWith("create "));
    expect(created).toEqual(expect.arrayContaining([...ofZone("create", zone, ["general", "jobs"])]));
    expect(created.filter((step) => !step.endsWith(zone))).toEqual([]);
    // What names all zones, each in place. Nodes and the control plane are not among it.
    expect(steps.filter((step) => !created.includes(step))).toEqual([
      "update EC2NodeClass autoscaler-class-spare",
      "update LoadBalancer ingress",
      "update NetworkPolicy monitoring-network-policy-alertmanager",
      "update NetworkPolicy monitoring-network-policy-prometheus",
      "update VpcEndpoint network-s3",
    ]);
  });

  it("is left alone by a second region, which is another stack and has no name in common", async () => {
    const world = join(project.folder, "other-world");
    await mkdir(world);
    const zonesOfUs = ["a", "b", "c"].map((letter) => `us-east-1${letter}`);
    const { environment: first } = await production();
    const environment: Tree = JSON.parse(
      JSON.stringify(first).replaceAll("prod.example.com", "prod-us.example.com"),
    );
    Object.assign(environment, { name: "prod-us" });
    Object.assign(environment["aws"] ?? {}, { region: "us-east-1" });
    environment["network"] = { cidr: "10.44.0.0/16", zones: zonesOfUs } as unknown as Tree;
    const { config } = rest as { readonly config: object };
    const content = { config: { ...config, "bellwether:environment": environment } };
    await writeFile(file("prod-us"), stringify({ config: plainOnly(content.config) }));
    await done(project, ["stack", "init", "prod-us", "--secrets-provider", "passphrase"]);
    for (const [name, value] of secretValues(environmentIn(content, "prod-us")))
      await done(project, ["config", "set", "--secret", `bellwether:${name}`, "--stack", "prod-us"], value);
    // Each region has a cluster, which the simulators keep in the folder of a world.
    const elsewhere = { [WORLD_VARIABLE]: world };
    await done(project, ["up", "--yes", "--skip-preview", "--stack", "prod-us"], undefined, elsewhere);
    const global = (things: readonly string[]) =>
      things.filter((each) => /^aws\/aws:(iam|s3|route53)\//.test(each));
    const [here, there] = [await everythingIn(project.world), await everythingIn(world)];
    expect(global(there).length).toBeGreaterThan(10);
    expect(global(there).filter((each) => here.includes(each))).toEqual([]);
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });

  it("is destroyed after two steps that lift its protection: volumes and load balancer, nodes, interfaces, groups", async () => {
    await change(({ cluster }) => void Object.assign(cluster ?? {}, { deletionProtection: false }));
    expect((await deployed()).steps).toEqual(["update Cluster cluster"]);
    await done(project, ["state", "unprotect", "--all", "--yes", "--stack", "prod"]);
    const destroyed = stepListener();
    await succeeded(stack.destroy(destroyed.options));
    const order = destroyed.order();
    const zones = [...ZONES, "eu-central-1d"].reverse();
    const all = (kind: string, pattern = /./) =>
      destroyed.steps().filter((step) => step.startsWith(`delete ${kind} `) && pattern.test(step));
    expectInTurn(order, [
      [...all("Prometheus"), ...all("Alertmanager")],
      all("StorageClass"),
      ["delete Addon cluster-aws-ebs-csi-driver"],
      ["delete Addon cluster-coredns"],
      ...zones.map((zone) => ofZone("delete", zone, ["general", "jobs"])),
      ["delete Addon cluster-vpc-cni"],
      ["delete Cluster cluster"],
      [
        "delete SecurityGroup cluster-api",
        "delete LogGroup cluster-logs",
        ...all("RouteTableAssociation", /-private-/),
      ],
    ]);
    expectInTurn(order, [
      all("RouteTableAssociation", /-private-/),
      all("RouteTableAssociation", /-pods-/),
      all("Subnet", /-pods-/),
      all("VpcIpv4CidrBlockAssociation"),
      ["delete Vpc network"],
    ]);
    expectInTurn(order, [
      all("NodePool"),
      all("EC2NodeClass"),
      all("Deployment", /autoscaler/),
      ofZone("delete", zones[0] ?? "", ["general"]),
    ]);
    expectInTurn(order, [
      all("TargetGroupBinding"),
      all("LoadBalancer"),
      ["delete SecurityGroup ingress", ...all("Subnet", /-ingress-/)],
      ["delete Vpc network"],
    ]);
    expect((await project.state("prod")).resources).toEqual([]);
  });
});

/** A step of each node group of a zone. */
function ofZone(
  op: string,
  zone: string,
  groups: readonly string[] = ["batch", "general"],
): readonly string[] {
  return groups.map((group) => `${op} NodeGroup cluster-${group}-${zone}`);
}

/** The settings of a stack that are no secrets. */
function plainOnly(config: object): object {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([, value]) => typeof value !== "object" || value === null || !("secure" in value),
    ),
  );
}

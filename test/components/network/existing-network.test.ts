import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ExistingNetwork } from "../../../components/network/existing-network.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";
import { PRODUCTION_NETWORK } from "./settings.ts";

// AWS is simulated: it answers each read with what the test says of the VPC and its subnets.

const SETTINGS = {
  ...PRODUCTION_NETWORK,
  existing: {
    vpcId: "vpc-0123456789abcdef0",
    privateSubnets: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
  },
};

type Facts = Readonly<Record<string, unknown>>;

const VPC: Facts = { cidrBlock: "10.40.0.0/16", enableDnsSupport: true, enableDnsHostnames: true };
const SUBNETS: readonly Facts[] = PRODUCTION_NETWORK.zones.map((availabilityZone, index) => ({
  availabilityZone,
  vpcId: SETTINGS.existing.vpcId,
  cidrBlock: `10.40.${index * 32}.0/19`,
}));

/** The ids that a network gives, or what it is refused with. */
async function networkOf(vpc: Facts, subnets: readonly Facts[]): Promise<readonly string[] | string> {
  const made: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, id, inputs }) => {
      if (id === "" || id === undefined) {
        made.push(type);
        return { id: "new", state: inputs };
      }
      const index = SETTINGS.existing.privateSubnets.indexOf(id);
      return { id, state: { ...(index === -1 ? vpc : subnets[index]) } };
    },
    call: () => ({}),
  });
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  // The engine shows the first refusal and ends; here every resource that waits for the network rejects.
  process.on("unhandledRejection", () => undefined);
  try {
    const network = new ExistingNetwork("network", { settings: SETTINGS });
    const ids = [network.vpcId, ...Object.values(network.privateSubnetIds)];
    const known = await Promise.all(
      ids.map((id) => (id as unknown as { promise(): Promise<string> }).promise()),
    );
    await registrationsEnded();
    expect(made.filter((type) => type.startsWith("aws:"))).toEqual([]);
    return known;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
}

describe("a network that exists", () => {
  it("gives its own ids, and nothing of it is made", async () => {
    expect(await networkOf(VPC, SUBNETS)).toEqual([
      SETTINGS.existing.vpcId,
      ...SETTINGS.existing.privateSubnets,
    ]);
  });

  it.each([
    [
      "a VPC of another block",
      { ...VPC, cidrBlock: "10.41.0.0/16" },
      SUBNETS,
      "vpc-0123456789abcdef0 has 10.41.0.0/16",
    ],
    [
      "a VPC without names",
      { ...VPC, enableDnsHostnames: false },
      SUBNETS,
      "does not resolve the name of a private endpoint",
    ],
    ["subnets in another order", VPC, SUBNETS.toReversed(), "in eu-central-1c"],
    [
      "a subnet that is too small",
      VPC,
      SUBNETS.map((facts) => ({ ...facts, cidrBlock: "10.40.0.0/26" })),
      "a block of 64 addresses",
    ],
    [
      "a subnet of another VPC",
      VPC,
      SUBNETS.map((facts) => ({ ...facts, vpcId: "vpc-0fedcba9876543210" })),
      "of the VPC vpc-0fedcba9876543210",
    ],
  ])("is refused with %s, with what AWS says and the fix", async (_, vpc, subnets, says) => {
    const refusal = await networkOf(vpc, subnets);
    expect(refusal).toContain("The existing network");
    expect(refusal).toContain("environment.network.");
    expect(refusal).toContain(says);
  });
});

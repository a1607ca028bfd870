import { beforeAll, describe, expect, it } from "vitest";
import { IMAGES, type ImageName } from "../../../components/images/model.ts";
import { type GraphResource, graphOf } from "./graph.ts";
import { VARIANTS } from "./variants.ts";

const NAME = "no way to the Internet, a mirror of all images, and a proxy for the pager";
const MIRROR = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mirror";
/** Of an image of one of the projects, wherever it is in a text. */
const UPSTREAM = /\b(?:quay\.io|docker\.io|registry\.k8s\.io|public\.ecr\.aws|ghcr\.io)\/[\w./-]+/g;

describe("production without a way to the Internet", () => {
  let graph: readonly GraphResource[];
  let text: string;
  beforeAll(async () => {
    graph = await graphOf("prod", VARIANTS[NAME]);
    text = JSON.stringify(graph.map(({ inputs }) => inputs));
  });

  it("has no gateway, no public address and no route to one", () => {
    const types = graph.map(({ type }) => type);
    for (const type of ["natGateway:NatGateway", "internetGateway:InternetGateway", "eip:Eip", "route:Route"])
      expect(types, type).not.toContain(`aws:ec2/${type}`);
    const subnets = graph.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets.map(({ name }) => name)).toEqual([
      "network-private-eu-central-1a",
      "network-private-eu-central-1b",
      "network-private-eu-central-1c",
    ]);
    for (const { inputs } of subnets) expect(inputs.mapPublicIpOnLaunch).toBe(false);
  });

  it("has an endpoint in every zone for each service of AWS that is asked, and the free one of S3", () => {
    const endpoints = graph.filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
    const byType = (kind: string) => endpoints.filter(({ inputs }) => inputs.vpcEndpointType === kind);
    expect(byType("Gateway").map(({ inputs }) => inputs.serviceName)).toEqual([
      "com.amazonaws.eu-central-1.s3",
    ]);
    expect(byType("Gateway")[0]?.inputs.routeTableIds).toHaveLength(3);
    expect(byType("Interface").map(({ inputs }) => inputs.serviceName.split(".").slice(3).join("."))).toEqual(
      ["aps-workspaces", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"],
    );
    for (const { inputs } of byType("Interface")) {
      expect(inputs.subnetIds).toHaveLength(3);
      expect(inputs.privateDnsEnabled).toBe(true);
    }
  });

  it("pulls every image from the mirror, and by its digest where there is one", async () => {
    const before = JSON.stringify((await graphOf("prod")).map(({ inputs }) => inputs));
    const upstream = new Set(before.match(UPSTREAM));
    expect(upstream.size).toBeGreaterThan(6);
    expect(text.match(UPSTREAM)).toBe(null);
    for (const image of upstream) expect(text).toContain(`${MIRROR}/${image.split("/").slice(1).join("/")}:`);
    const prometheus: ImageName = "prometheus";
    const name = `${MIRROR}/${IMAGES[prometheus].split("/").slice(1).join("/")}`;
    const pulled = text.match(new RegExp(`${name.replaceAll(".", "\\.")}[^"\\\\]*`, "g")) ?? [];
    expect(pulled.length).toBeGreaterThan(0);
    for (const each of pulled) expect(each).toBe(`${name}@sha256:${"0123456789abcdef".repeat(4)}`);
  });

  it("reaches the pager through the proxy, at the port that the network policy opens", () => {
    const configuration = graph.find(({ inputs }) => JSON.stringify(inputs).includes("pagerduty_configs"));
    const rendered = JSON.stringify(configuration?.inputs);
    // Two pagers, two channels and the heartbeat; mail goes to its own host.
    expect(rendered.match(/proxy_url: http:\/\/proxy\.example\.com:3128/g)?.length).toBe(5);
    const policy = graph.find(
      ({ type, inputs }) => type.endsWith(":NetworkPolicy") && JSON.stringify(inputs.spec).includes("3128"),
    );
    expect(JSON.stringify(policy?.inputs.spec.podSelector)).toContain("alertmanager");
  });
});

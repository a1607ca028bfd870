import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { isSecret, unwrapped } from "../../../cli/recording/wire.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { Ingress, type IngressArgs } from "../../../components/ingress/component.ts";
import { type AlbSettings, albSettings } from "../../../components/ingress/model.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { ALB } from "../../stacks/ingress-samples.ts";
import { type Recording, record } from "../../support/pulumi-mocks.ts";

const RULE = "aws:lb/listenerRule:ListenerRule";
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

const SETTINGS = albSettings.parse(ALB);

function argsOf(changes: Partial<AlbSettings>): Omit<IngressArgs, "aws"> {
  return {
    settings: { ...SETTINGS, ...changes },
    served: ["prometheus", "alertmanager", "grafana"],
    namespaces: DEFAULT_NAMESPACES,
    cluster: { name: pulumi.output("prod"), nodesGroupId: pulumi.output("sg-nodes") },
    clusterName: "prod",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    sources: ["10.40.0.0/16", "10.8.4.0/24"],
    image: "registry.example.com:5000/eks/aws-load-balancer-controller:v3.5.0",
    clientSecret: pulumi.secret("a secret"),
    accountId: "111122223333",
    region: "eu-central-1",
    tags: {},
  };
}

function ingressOf(changes: Partial<AlbSettings> = {}): Promise<Recording> {
  return record(() => {
    const provider = new aws.Provider("aws", { region: "eu-central-1" });
    new Ingress("ingress", { ...argsOf(changes), aws: provider });
  });
}

describe("a load balancer in front of the monitoring", () => {
  let recording: Recording;
  beforeAll(async () => {
    recording = await ingressOf();
  });
  const rule = (name: string) => recording.the(RULE, name).inputs;

  it("has private addresses, and answers what it does not serve itself", () => {
    expect(recording.the("aws:lb/loadBalancer:LoadBalancer", "ingress").inputs).toMatchObject({
      internal: true,
      subnets: ["subnet-1", "subnet-2"],
    });
    expect(recording.the("aws:lb/listener:Listener", "ingress").inputs).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
    });
  });

  it.each(["prometheus", "alertmanager", "grafana"])(
    "lets people in to %s after they signed in",
    (served) => {
      const { conditions, actions } = rule(`ingress-${served}`);
      expect(conditions).toEqual([{ hostHeader: { values: [`${served}.prod.example.com`] } }]);
      expect(unwrapped(actions as never)).toMatchObject([
        { type: "authenticate-oidc", order: 1, authenticateOidc: { issuer: "https://login.example.com/" } },
        { type: "forward", order: 2, targetGroupArn: `arn:aws:test:::ingress-${served}` },
      ]);
    },
  );

  it("asks for programs before it asks for people, and not at Grafana", () => {
    for (const served of ["prometheus", "alertmanager"]) {
      const { conditions, actions, priority } = rule(`ingress-${served}-programs`);
      expect(conditions).toContainEqual({ sourceIp: { values: ["10.8.4.0/24"] } });
      expect(conditions).toContainEqual({ hostHeader: { values: [`${served}.prod.example.com`] } });
      expect(actions).toEqual([expect.objectContaining({ type: "forward" })]);
      expect(priority).toBeLessThan(rule(`ingress-${served}`)["priority"] as number);
    }
    expect(recording.ofType(RULE)).toHaveLength(5);
    const priorities = recording.ofType(RULE).map(({ inputs }) => inputs["priority"]);
    expect(new Set(priorities).size).toBe(5);
  });

  it("registers the pods of each server's Service, once the controller runs", () => {
    for (const [served, port] of [
      ["prometheus", 9090],
      ["alertmanager", 9093],
      ["grafana", 3000],
    ] as const) {
      const binding = recording.the(BINDING, `ingress-${served}`);
      expect(binding.inputs["spec"]).toEqual({
        targetGroupARN: `arn:aws:test:::ingress-${served}`,
        targetType: "ip",
        serviceRef: { name: served, port },
      });
      expect(binding.dependsOn).toEqual(["kubernetes:helm.sh/v3:Release ingress-controller"]);
    }
  });

  it("runs a controller that takes no Ingress, no Service and no right but to register those pods", () => {
    const { inputs, dependsOn } = recording.the("kubernetes:helm.sh/v3:Release", "ingress-controller");
    expect(inputs["values"]).toMatchObject({
      image: { repository: "registry.example.com:5000/eks/aws-load-balancer-controller", tag: "v3.5.0" },
      region: "eu-central-1",
      vpcId: "vpc-1",
      createIngressClassResource: false,
      enableServiceMutatorWebhook: false,
      webhookConfig: { disableIngressValidation: true },
    });
    expect(dependsOn).toEqual(["aws:eks/podIdentityAssociation:PodIdentityAssociation ingress-controller"]);
    const { policy } = recording.the("aws:iam/rolePolicy:RolePolicy", "ingress-controller").inputs as {
      policy: { Statement: { Action: string[]; Resource: unknown }[] };
    };
    const changing = policy.Statement.filter(({ Action }) =>
      Action.some((action) => !/:Describe/.test(action)),
    );
    expect(changing).toEqual([
      expect.objectContaining({
        Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        Resource: ["prometheus", "alertmanager", "grafana"].map(
          (served) => `arn:aws:test:::ingress-${served}`,
        ),
      }),
    ]);
  });

  it("opens the nodes to itself alone, on the ports of the servers", () => {
    const opened = recording
      .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs["securityGroupId"] === "sg-nodes")
      .map(({ inputs }) => [inputs["referencedSecurityGroupId"], inputs["fromPort"], inputs["cidrIpv4"]]);
    expect(opened.sort()).toEqual([
      ["ingress-id", 3000, undefined],
      ["ingress-id", 9090, undefined],
      ["ingress-id", 9093, undefined],
    ]);
  });

  it("keeps the secret of its client a secret", () => {
    for (const served of ["prometheus", "alertmanager", "grafana"])
      expect(isSecret(rule(`ingress-${served}`)["actions"] as never), served).toBe(true);
  });

  it("takes a certificate that exists, and creates no names without a zone", async () => {
    const arn = "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";
    const { hostedZone: _, ...without } = SETTINGS;
    const existing = await ingressOf({
      ...without,
      hostedZone: undefined,
      certificate: { kind: "existing", arn },
    });
    expect(existing.the("aws:lb/listener:Listener", "ingress").inputs["certificateArn"]).toBe(arn);
    expect(existing.ofType("aws:acm/certificate:Certificate")).toEqual([]);
    expect(existing.ofType("aws:route53/record:Record")).toEqual([]);
  });

  it("refuses every address as programs", () => {
    const args = { ...argsOf({ programs: ["0.0.0.0/0"] }), aws: undefined as unknown as aws.Provider };
    expect(() => new Ingress("ingress", args)).toThrow(InvalidInputError);
  });
});

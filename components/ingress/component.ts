import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../aws/component.ts";
import type { AwsPlace } from "../aws/model.ts";
import { createPodIdentity } from "../cluster/pod-identity.ts";
import { InvalidInputError } from "../core/problems.ts";
import { createObject } from "../kubernetes/component.ts";
import type { Namespaces } from "../workloads/model.ts";
import { createAddresses, createCertificate } from "./addresses.ts";
import { type AlbSettings, albProblems, type Served, servedPort } from "./model.ts";
import { CONTROLLER, readinessOf, renderBinding, renderControllerRelease, renderRules } from "./render.ts";

/** What a load balancer in front of the monitoring is made from. */
export interface IngressArgs extends AwsPlace {
  readonly settings: AlbSettings;
  readonly served: readonly Served[];
  readonly namespaces: Namespaces;
  readonly cluster: { readonly name: pulumi.Output<string>; readonly nodesGroupId: pulumi.Output<string> };
  readonly clusterName: string;
  readonly vpcId: pulumi.Input<string>;
  /** Routed subnets in two zones or more, which hold no pods if the load balancer is internal. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** CIDR blocks that may connect. */
  readonly sources: readonly string[];
  /** The controller's image. */
  readonly image: string;
  /** The secret of the identity provider's client. */
  readonly clientSecret: pulumi.Input<string>;
  readonly tags: Tags;
  readonly aws: aws.Provider;
}

/**
 * An Application Load Balancer, whose listener lets people in after they signed in, and named programs without. The controller on the
 * cluster registers the pods, and may do nothing else. Needs a Kubernetes provider, as `provider` or from its parent, and Services.
 *
 * Load balancer, listener and rules are resources of this program and not of an Ingress: policies judge them, the preview shows them,
 * and a destroy takes them away before the subnets and security groups that they are in.
 */
export class Ingress extends pulumi.ComponentResource {
  /** The DNS name of the load balancer. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: IngressArgs, opts?: pulumi.ComponentResourceOptions) {
    const { settings, served, clusterName, tags } = args;
    const problems = albProblems(settings, "settings");
    if (problems.length > 0) throw new InvalidInputError(`Ingress ${name}`, problems);
    super("bellwether:ingress:Ingress", name, {}, opts);
    const onCluster = { parent: this };
    const inAws = { parent: this, provider: args.aws };

    const group = createSecurityGroup(name, args, inAws);
    const balancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: settings.scheme === "internal",
        subnets: [...args.subnetIds],
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        // As long as Prometheus lets a query run.
        idleTimeout: 120,
        tags: { ...tags, Name: `${clusterName}-monitoring` },
      },
      inAws,
    );
    const listener = new aws.lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn: createCertificate(name, args, inAws),
        defaultActions: [
          { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
        ],
        tags,
      },
      inAws,
    );
    const groups = Object.fromEntries(
      served.map((one) => [one, createTargetGroup(`${name}-${one}`, one, args, inAws)]),
    ) as Record<Served, aws.lb.TargetGroup>;
    createRules(name, args, { listener, groups }, inAws);
    createAddresses(name, { settings, served, balancer }, inAws);

    const controller = createController(name, args, Object.values(groups), onCluster, inAws);
    for (const one of served)
      createObject(`${name}-${one}`, renderBinding(one, args.namespaces, groups[one].arn), {
        ...onCluster,
        dependsOn: [controller],
      });
    this.address = balancer.dnsName;
    this.registerOutputs({ address: this.address });
  }
}

function createTargetGroup(
  name: string,
  served: Served,
  { vpcId, tags }: IngressArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  return new aws.lb.TargetGroup(
    name,
    {
      targetType: "ip",
      protocol: "HTTP",
      port: servedPort(served),
      vpcId,
      deregistrationDelay: 30,
      healthCheck: { path: readinessOf(served), matcher: "200", interval: 15, timeout: 5 },
      tags,
    },
    opts,
  );
}

function createRules(
  name: string,
  { settings, served, clientSecret, tags }: IngressArgs,
  to: { readonly listener: aws.lb.Listener; readonly groups: Readonly<Record<Served, aws.lb.TargetGroup>> },
  opts: pulumi.CustomResourceOptions,
): void {
  const { clientSecretSecret: _, ...client } = settings.oidc;
  const signIn = {
    type: "authenticate-oidc",
    order: 1,
    authenticateOidc: {
      ...client,
      clientSecret,
      scope: "openid",
      onUnauthenticatedRequest: "authenticate",
      // A working day: a person signs in again on the next one.
      sessionTimeout: 12 * 3600,
    },
  };
  renderRules(settings, served).forEach(({ key, served: one, host, sources }, index) => {
    const forward = { type: "forward", targetGroupArn: to.groups[one].arn };
    new aws.lb.ListenerRule(
      `${name}-${key}`,
      {
        listenerArn: to.listener.arn,
        priority: 10 * (index + 1),
        conditions: [
          { hostHeader: { values: [host] } },
          ...(sources === undefined ? [] : [{ sourceIp: { values: sources } }]),
        ],
        actions: sources === undefined ? [signIn, { ...forward, order: 2 }] : [{ ...forward, order: 1 }],
        tags,
      },
      opts,
    );
  });
}

/** Who reaches the load balancer, and what it reaches: pods on the ports that are served, and the identity provider. */
function createSecurityGroup(
  name: string,
  { clusterName, cluster, vpcId, served, sources, tags }: IngressArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const named = { ...tags, Name: `${clusterName}-monitoring` };
  const group = new aws.ec2.SecurityGroup(
    name,
    { description: `The load balancer in front of the monitoring of ${clusterName}`, vpcId, tags: named },
    opts,
  );
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, tags: named };
  for (const block of sources)
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-${block}`,
      { ...https, description: `HTTPS from ${block}`, securityGroupId: group.id, cidrIpv4: block },
      opts,
    );
  new aws.vpc.SecurityGroupEgressRule(
    `${name}-to-identity-provider`,
    {
      ...https,
      description: "HTTPS to the identity provider",
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
    },
    opts,
  );
  for (const one of served) {
    const port = { ipProtocol: "tcp", fromPort: servedPort(one), toPort: servedPort(one), tags: named };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-${one}`,
      {
        ...port,
        description: `To ${one}`,
        securityGroupId: group.id,
        referencedSecurityGroupId: cluster.nodesGroupId,
      },
      opts,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-nodes-${one}`,
      {
        ...port,
        description: `${one} from the load balancer`,
        securityGroupId: cluster.nodesGroupId,
        referencedSecurityGroupId: group.id,
      },
      opts,
    );
  }
  return group;
}

/**
 * The controller, with what it needs of its published policy: to look up pods and groups, for which AWS knows no smaller right, and to
 * register pods in these groups alone.
 */
function createController(
  name: string,
  args: IngressArgs,
  groups: readonly aws.lb.TargetGroup[],
  onCluster: pulumi.CustomResourceOptions,
  inAws: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const looksUp = [
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetHealth",
  ];
  const inlinePolicy: aws.iam.PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
      { Sid: "LookUp", Effect: "Allow", Action: looksUp, Resource: "*" },
      {
        Sid: "RegisterPods",
        Effect: "Allow",
        Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
        Resource: groups.map(({ arn }) => arn),
      },
    ],
  };
  const { cluster, clusterName, region, tags, vpcId, image } = args;
  const identity = createPodIdentity(
    `${name}-controller`,
    {
      cluster,
      clusterName,
      region,
      tags,
      inlinePolicy,
      serviceAccount: CONTROLLER.name,
      namespace: CONTROLLER.namespace,
    },
    inAws,
  );
  const release = renderControllerRelease({ clusterName, region, image });
  return new kubernetes.helm.v3.Release(
    `${name}-controller`,
    { ...release, values: { ...release.values, vpcId } },
    { ...onCluster, dependsOn: [identity] },
  );
}

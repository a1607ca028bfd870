import type { GraphResource } from "./graph.ts";
import type { Rule } from "./role-rules.ts";

// What must hold inside and between the parts of a cluster, by the Amazon EKS user guide and API reference.

const SUBNET = "aws:ec2/subnet:Subnet";
const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

/** The control plane has interfaces in two zones or more. */
export const controlPlaneHasTwoZones: Rule = (resource, graph) => {
  if (resource.type !== CLUSTER) return [];
  const subnets = graph.behind(resource, "vpcConfig", SUBNET);
  // Of subnets that exist already nothing is known but how many there are; the component compares their zones when it reads them.
  if (subnets.length === 0 && resource.inputs.vpcConfig.subnetIds.length >= 2) return [];
  const zones = new Set(subnets.map(({ inputs }) => inputs.availabilityZone));
  return zones.size >= 2
    ? []
    : [{ at: "vpcConfig.subnetIds", found: `${zones.size} zones`, allowed: "subnets in two zones or more" }];
};

/** An endpoint that is reached from nowhere, or that whitelists addresses without being public, is refused. */
export const endpointsAreReached: Rule = ({ type, inputs }) => {
  if (type !== CLUSTER) return [];
  const { endpointPrivateAccess, endpointPublicAccess, publicAccessCidrs } = inputs.vpcConfig;
  return [
    ...(endpointPrivateAccess || endpointPublicAccess
      ? []
      : [{ at: "vpcConfig", found: "no access", allowed: "private access, public access or both" }]),
    ...(publicAccessCidrs === undefined || endpointPublicAccess
      ? []
      : [
          { at: "vpcConfig.publicAccessCidrs", found: "addresses", allowed: "nothing without public access" },
        ]),
  ];
};

/** Auto Mode is compute, load balancing and block storage together, and its nodes need their add-ons left to it. */
export const autoModeIsWhole: Rule = ({ type, inputs }) => {
  if (type !== CLUSTER) return [];
  const parts = [
    inputs.computeConfig?.enabled === true,
    inputs.kubernetesNetworkConfig?.elasticLoadBalancing?.enabled === true,
    inputs.storageConfig?.blockStorage?.enabled === true,
  ];
  const pools = inputs.computeConfig?.nodePools ?? [];
  return [
    ...(new Set(parts).size === 1
      ? []
      : [
          {
            at: "computeConfig",
            found: JSON.stringify(parts),
            allowed: "compute, load balancing and block storage, or none of them",
          },
        ]),
    ...(pools.length > 0 && inputs.computeConfig?.nodeRoleArn === undefined
      ? [{ at: "computeConfig.nodeRoleArn", found: "missing", allowed: "a role where there are node pools" }]
      : []),
    ...(parts[0] && inputs.bootstrapSelfManagedAddons !== false
      ? [
          {
            at: "bootstrapSelfManagedAddons",
            found: `${inputs.bootstrapSelfManagedAddons}`,
            allowed: "false with Auto Mode",
          },
        ]
      : []),
  ];
};

/** The numbers of a node group ascend, and its nodes can be replaced. */
export const groupsScale: Rule = ({ type, inputs }) => {
  if (type !== NODE_GROUP) return [];
  const { minSize, maxSize, desiredSize } = inputs.scalingConfig;
  return [
    ...(minSize <= desiredSize && desiredSize <= maxSize
      ? []
      : [
          {
            at: "scalingConfig",
            found: `${minSize}, ${desiredSize}, ${maxSize}`,
            allowed: "minSize <= desiredSize <= maxSize",
          },
        ]),
    ...(inputs.updateConfig?.maxUnavailable !== undefined &&
    inputs.updateConfig.maxUnavailablePercentage !== undefined
      ? [{ at: "updateConfig", found: "a number and a percentage", allowed: "one of them" }]
      : []),
  ];
};

/** EC2 writes Graviton's families with a g after the generation (Amazon EC2 instance type naming conventions). */
function architectureOf(instanceType: string): string {
  return /^(?:a1|[a-z]+\d+g[a-z]*)(?:-[a-z0-9]+)?\./.test(instanceType) ? "ARM_64" : "x86_64";
}

/** An image runs on the instances of its group. */
export const imagesFitInstances: Rule = ({ type, inputs }) => {
  if (type !== NODE_GROUP) return [];
  return (inputs.instanceTypes as readonly string[])
    .filter((instanceType) => !String(inputs.amiType).includes(architectureOf(instanceType)))
    .map((instanceType) => ({
      at: "amiType",
      found: `${inputs.amiType} for ${instanceType}`,
      allowed: architectureOf(instanceType),
    }));
};

/** What a managed node group says itself, its launch template must not say (EKS user guide, Launch template support). */
export const templatesLeaveRoom: Rule = (resource, graph) => {
  if (resource.type !== NODE_GROUP) return [];
  return graph
    .behind(resource, "launchTemplate", "aws:ec2/launchTemplate:LaunchTemplate")
    .flatMap((template) => [
      ...["iamInstanceProfile", "instanceMarketOptions", "hibernationOptions", "imageId"]
        .filter((field) => template.inputs[field] !== undefined)
        .map((field) => ({
          at: `${field} of ${template.name}`,
          found: "a value",
          allowed: "nothing with an image of EKS's",
        })),
      ...(template.inputs.instanceType !== undefined && resource.inputs.instanceTypes !== undefined
        ? [
            {
              at: `instanceType of ${template.name}`,
              found: "a value",
              allowed: "nothing where the group names types",
            },
          ]
        : []),
      ...(template.inputs.blockDeviceMappings !== undefined && resource.inputs.diskSize !== undefined
        ? [{ at: "diskSize", found: "a value", allowed: "nothing where the template has disks" }]
        : []),
    ]);
};

/** A launch template tags what an instance brings along, and nothing else. */
export const templatesTagWhatTheyMake: Rule = ({ type, inputs }) => {
  if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return [];
  const taggable = ["instance", "volume", "network-interface", "spot-instances-request"];
  return ((inputs.tagSpecifications ?? []) as readonly { readonly resourceType: string }[])
    .filter(({ resourceType }) => !taggable.includes(resourceType))
    .map(({ resourceType }) => ({
      at: "tagSpecifications",
      found: resourceType,
      allowed: taggable.join(", "),
    }));
};

/** Add-ons take their configuration as JSON, of one version of the cluster. */
export const addOnsAreConfigured: Rule = ({ type, inputs }) => {
  if (type !== "aws:eks/addon:Addon") return [];
  const faults = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(inputs.addonVersion)
    ? []
    : [{ at: "addonVersion", found: inputs.addonVersion, allowed: "a version such as v1.22.3-eksbuild.1" }];
  try {
    const { env = {} } = JSON.parse(inputs.configurationValues ?? "{}");
    const wrong = Object.entries(env).filter(([, value]) => typeof value !== "string");
    // The schemas of the add-ons (DescribeAddonConfiguration) have text alone as environment variables.
    return [
      ...faults,
      ...wrong.map(([name, value]) => ({ at: `env.${name}`, found: JSON.stringify(value), allowed: "text" })),
    ];
  } catch {
    return [...faults, { at: "configurationValues", found: inputs.configurationValues, allowed: "JSON" }];
  }
};

// Amazon EKS user guide, Review access policy permissions: those that a person is given.
const ACCESS_POLICIES = [
  "AmazonEKSClusterAdminPolicy",
  "AmazonEKSAdminPolicy",
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSAutoNodePolicy",
];

/** Rights go to a principal that has an access entry, before them. */
export const rightsHaveAnEntry: Rule = (resource, graph) => {
  if (resource.type !== "aws:eks/accessPolicyAssociation:AccessPolicyAssociation") return [];
  const { principalArn, policyArn, accessScope } = resource.inputs;
  const isOfPrincipal = ({ inputs }: GraphResource) => inputs.principalArn === principalArn;
  const entries = graph.ofType("aws:eks/accessEntry:AccessEntry").filter(isOfPrincipal);
  const name = String(policyArn).split("/").at(-1) ?? "";
  return [
    ...(entries.some((entry) => graph.waitsFor(resource, entry))
      ? []
      : [
          {
            at: "principalArn",
            found: `${principalArn}`,
            allowed: "a principal whose access entry comes before",
          },
        ]),
    ...(ACCESS_POLICIES.includes(name) && /^arn:aws[^:]*:eks::aws:cluster-access-policy\//.test(policyArn)
      ? []
      : [
          {
            at: "policyArn",
            found: policyArn,
            allowed: `arn:aws:eks::aws:cluster-access-policy/ and one of ${ACCESS_POLICIES.join(", ")}`,
          },
        ]),
    ...((accessScope.type === "namespace") === (accessScope.namespaces !== undefined)
      ? []
      : [
          {
            at: "accessScope",
            found: JSON.stringify(accessScope),
            allowed: "namespaces where the type is namespace",
          },
        ]),
  ];
};

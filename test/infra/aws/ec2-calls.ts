import {
  autoName,
  boolean,
  type Calls,
  call,
  type Inputs,
  MADE,
  pairs,
  pascal,
  tagged,
  text,
} from "./call-inputs.ts";

const ec2 = call("ec2");

/** The calls of EC2's API. */
export const EC2: Readonly<Record<string, Calls>> = {
  "aws:ec2/vpc:Vpc": ({ tags, enableDnsSupport, enableDnsHostnames, ...rest }) => [
    ec2("CreateVpc", { ...pascal(rest), ...tagged("vpc", tags) }),
    ...Object.entries({ EnableDnsSupport: enableDnsSupport, EnableDnsHostnames: enableDnsHostnames }).map(
      ([attribute, Value]) => ec2("ModifyVpcAttribute", { VpcId: MADE, [attribute]: { Value } }),
    ),
  ],
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": (inputs) => [
    ec2("AssociateVpcCidrBlock", pascal(inputs)),
  ],
  "aws:ec2/subnet:Subnet": ({ tags, mapPublicIpOnLaunch, ...rest }) => [
    ec2("CreateSubnet", { ...pascal(rest), ...tagged("subnet", tags) }),
    ec2("ModifySubnetAttribute", { SubnetId: MADE, MapPublicIpOnLaunch: { Value: mapPublicIpOnLaunch } }),
  ],
  "aws:ec2/eip:Eip": ({ tags, ...rest }) => [
    ec2("AllocateAddress", { ...pascal(rest), ...tagged("elastic-ip", tags) }),
  ],
  "aws:ec2/internetGateway:InternetGateway": ({ tags, ...rest }) => [
    ec2("CreateInternetGateway", tagged("internet-gateway", tags)),
    ec2("AttachInternetGateway", { ...pascal(rest), InternetGatewayId: MADE }),
  ],
  "aws:ec2/natGateway:NatGateway": ({ tags, ...rest }) => [
    ec2("CreateNatGateway", { ...pascal(rest), ...tagged("natgateway", tags) }),
  ],
  "aws:ec2/routeTable:RouteTable": ({ tags, ...rest }) => [
    ec2("CreateRouteTable", { ...pascal(rest), ...tagged("route-table", tags) }),
  ],
  "aws:ec2/route:Route": (inputs) => [ec2("CreateRoute", pascal(inputs))],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": (inputs) => [
    ec2("AssociateRouteTable", pascal(inputs)),
  ],
  "aws:ec2/flowLog:FlowLog": ({ tags, vpcId, iamRoleArn, ...rest }) => [
    ec2("CreateFlowLogs", {
      ...pascal(rest),
      ResourceIds: [vpcId],
      ResourceType: "VPC",
      DeliverLogsPermissionArn: iamRoleArn,
      ...tagged("vpc-flow-log", tags),
    }),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ tags, policy, ...rest }) => [
    ec2("CreateVpcEndpoint", {
      ...pascal(rest),
      ...(policy === undefined ? {} : { PolicyDocument: text(policy) }),
      ...tagged("vpc-endpoint", tags),
    }),
  ],
  "aws:ec2/securityGroup:SecurityGroup": ({ tags, name: given, ...rest }, name) => [
    ec2("CreateSecurityGroup", {
      ...pascal(rest),
      GroupName: autoName(given, name),
      ...tagged("security-group", tags),
    }),
  ],
  // The VPC has made it; what the provider does is to take rules away and to tag it.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ({
    vpcId: _,
    ingress: _in,
    egress: _out,
    tags,
    ...rest
  }) => [ec2("CreateTags", { ...rest, Resources: [MADE], Tags: pairs(tags) })],
  "aws:ec2/tag:Tag": ({ resourceId, key, value, ...rest }) => [
    ec2("CreateTags", { ...rest, Resources: [resourceId], Tags: [{ Key: key, Value: value }] }),
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (inputs) => [
    ec2("AuthorizeSecurityGroupIngress", rule(inputs)),
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (inputs) => [
    ec2("AuthorizeSecurityGroupEgress", rule(inputs)),
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": (inputs, name) => {
    const { tags, name: given, description, updateDefaultVersion: _, ...data } = inputs;
    const { blockDeviceMappings, tagSpecifications, ...rest } = data;
    return [
      ec2("CreateLaunchTemplate", {
        LaunchTemplateName: autoName(given, name),
        VersionDescription: description,
        LaunchTemplateData: {
          ...pascal(rest),
          BlockDeviceMappings: blockDeviceMappings?.map(
            ({ ebs: { encrypted, deleteOnTermination, ...ebs }, ...device }: Inputs) => ({
              ...pascal(device),
              Ebs: {
                ...pascal(ebs),
                Encrypted: boolean(encrypted),
                DeleteOnTermination: boolean(deleteOnTermination),
              },
            }),
          ),
          TagSpecifications: tagSpecifications?.map(({ tags: of, ...specification }: Inputs) => ({
            ...pascal(specification),
            Tags: pairs(of),
          })),
        },
        ...tagged("launch-template", tags),
      }),
    ];
  },
};

function rule({
  securityGroupId,
  cidrIpv4,
  cidrIpv6,
  prefixListId,
  referencedSecurityGroupId,
  description,
  ipProtocol,
  fromPort,
  toPort,
  tags,
  ...rest
}: Inputs): Inputs {
  const from = (field: string, list: string, value: unknown) =>
    value === undefined ? {} : { [list]: [{ [field]: value, Description: description }] };
  return {
    ...rest,
    GroupId: securityGroupId,
    IpPermissions: [
      {
        IpProtocol: ipProtocol,
        FromPort: fromPort,
        ToPort: toPort,
        ...from("CidrIp", "IpRanges", cidrIpv4),
        ...from("CidrIpv6", "Ipv6Ranges", cidrIpv6),
        ...from("PrefixListId", "PrefixListIds", prefixListId),
        ...from("GroupId", "UserIdGroupPairs", referencedSecurityGroupId),
      },
    ],
    ...tagged("security-group-rule", tags),
  };
}

import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";
import { isWorld } from "./address-block.ts";

const SETTINGS = {
  publicPorts: {
    type: "numbers",
    default: [80, 443],
    description: "The TCP and UDP ports that a public load balancer may open to the Internet.",
  },
} as const;

const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList";

export const openSecurityGroup: ResourcePolicy = {
  id: "open-security-group",
  area: "network",
  pack: "security",
  standards: ["FSBP EC2.13", "FSBP EC2.14", "FSBP EC2.18", "FSBP EC2.19", "NIST SC-7", "NIST AC-4"],
  scope: "resource",
  title: "No security group lets the whole Internet in, except to the ports of a public web server.",
  why: "Open ports are found by scanners within minutes, and Prometheus, Alertmanager and etcd have no login.",
  fix: "set the rule's source to the CIDR blocks or the security group that need access",
  severity: "critical",
  levels: ALWAYS,
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    RULE,
    INGRESS_RULE,
    PREFIX_LIST,
  ],
  settings: SETTINGS,
  check: ({ type, properties }, context) => {
    const { publicPorts } = settingsOf(SETTINGS, context);
    if (type === PREFIX_LIST)
      return judge(() =>
        properties
          .at("entries")
          .items()
          .some((entry) => isWorld(entry.at("cidr").text() ?? ""))
          ? "a prefix list holds the whole Internet, and a rule that names it is open to it"
          : undefined,
      );
    if (type === RULE)
      return judge(() =>
        properties.at("type").is("ingress") ? ruleVerdict(properties, publicPorts) : undefined,
      );
    if (type === INGRESS_RULE) return judge(() => ruleVerdict(properties, publicPorts));
    const rules: Value[] = [];
    return [
      ...judge(() => void rules.push(...properties.at("ingress").items())),
      ...judgeEach(rules, (rule) => ruleVerdict(rule, publicPorts)),
    ];
  },
};

function ruleVerdict(rule: Value, publicPorts: readonly number[]): string | undefined {
  if (!blocksOf(rule).some(isWorld)) return undefined;
  const protocol = rule.at("protocol").text() ?? rule.at("ipProtocol").text() ?? "-1";
  // A ping, and path MTU discovery.
  if (/^(?:icmp|icmpv6|1|58)$/i.test(protocol)) return undefined;
  if (/^(?:-1|all)$/i.test(protocol)) return `${subject(rule)} opens every port to the Internet`;
  const from = rule.at("fromPort").number() ?? 0;
  const to = rule.at("toPort").number() ?? 65_535;
  const open = from === to ? `port ${from}` : `the ports ${from} to ${to}`;
  return isPublic(from, to, publicPorts) ? undefined : `${subject(rule)} opens ${open} to the Internet`;
}

function blocksOf(rule: Value): string[] {
  return [
    ...[rule.at("cidrIpv4"), rule.at("cidrIpv6")].map((block) => block.text() ?? ""),
    ...["cidrBlocks", "ipv6CidrBlocks"].flatMap((list) =>
      rule
        .at(list)
        .items()
        .map((block) => block.text() ?? ""),
    ),
  ];
}

function isPublic(from: number, to: number, publicPorts: readonly number[]): boolean {
  return new Set(publicPorts.filter((port) => port >= from && port <= to)).size === to - from + 1;
}

function subject(rule: Value): string {
  return rule.path === "" ? "the rule" : rule.path;
}

import { isDeepStrictEqual } from "node:util";
import type { Policy } from "../../policies/rules/policy.ts";
import type { Remedy } from "../../policies/rules/remedy.ts";
import { UNKNOWN, Value } from "../../policies/rules/value.ts";
import { TODAY, urnOf } from "./compliant-stack/fixture.ts";

/** A resource, and exactly what a policy would set in it: nothing is no remedy at all, as the engine reports each resource that has one. */
interface RemedyCase {
  readonly policy: string;
  /** As the end of "when …". */
  readonly when: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The inputs of its provider. */
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly sets: readonly Remedy[];
}

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const BUCKET = "aws:s3/bucket:Bucket";
const OWNER = { owner: "catalogue" };

const PART_OF: Remedy = { path: ["metadata", "labels", "app.kubernetes.io/part-of"], value: "bellwether" };
const MANAGED_BY: Remedy = { path: ["metadata", "labels", "app.kubernetes.io/managed-by"], value: "pulumi" };

const LABELS: readonly RemedyCase[] = [
  {
    policy: "recommended-labels",
    when: "an object has other labels",
    type: DEPLOYMENT,
    properties: { metadata: { name: "x", labels: { app: "x" } } },
    sets: [PART_OF, MANAGED_BY],
  },
  {
    policy: "recommended-labels",
    when: "an object states one of them",
    type: DEPLOYMENT,
    properties: { metadata: { labels: { "app.kubernetes.io/part-of": "shop" } } },
    sets: [MANAGED_BY],
  },
  {
    policy: "recommended-labels",
    when: "nobody states the value of a label",
    type: DEPLOYMENT,
    properties: { metadata: {} },
    settings: { labels: ["cost-centre"] },
    sets: [],
  },
  {
    policy: "recommended-labels",
    when: "the resource is a release",
    type: "kubernetes:helm.sh/v3:Release",
    properties: { chart: "x" },
    sets: [],
  },
  {
    policy: "recommended-labels",
    when: "all labels are known only after deployment",
    type: DEPLOYMENT,
    properties: { metadata: { labels: UNKNOWN } },
    sets: [],
  },
];

const TAGS: readonly RemedyCase[] = [
  {
    policy: "owner-tags",
    when: "the configuration names no owner",
    type: BUCKET,
    properties: { tags: { cost: "1" } },
    sets: [],
  },
  {
    policy: "owner-tags",
    when: "the configuration names the owner",
    type: BUCKET,
    properties: { tags: { cost: "1" } },
    settings: OWNER,
    sets: [{ path: ["tags", "owner"], value: "catalogue" }],
  },
  {
    policy: "owner-tags",
    when: "the configuration names the tag, too",
    type: BUCKET,
    properties: {},
    settings: { ...OWNER, keys: ["squad", "owner"] },
    sets: [{ path: ["tags", "squad"], value: "catalogue" }],
  },
  {
    policy: "owner-tags",
    when: "a tag with a prefix names an owner",
    type: BUCKET,
    properties: { tags: { "acme:team": "shop" } },
    settings: OWNER,
    sets: [],
  },
  {
    policy: "owner-tags",
    when: "the provider tags every resource",
    type: BUCKET,
    properties: {},
    provider: { region: "eu-central-1", defaultTags: '{"tags":{"team":"shop"}}' },
    settings: OWNER,
    sets: [],
  },
];

const template = (...containers: readonly object[]) => ({ spec: { template: { spec: { containers } } } });
const forbidden = (index: number): Remedy => ({
  path: ["spec", "template", "spec", "containers", index, "securityContext", "allowPrivilegeEscalation"],
  value: false,
});

const ESCALATION: readonly RemedyCase[] = [
  {
    policy: "restricted-pods",
    when: "one of two containers says nothing of privilege escalation",
    type: DEPLOYMENT,
    properties: template({ name: "plain" }, { securityContext: { allowPrivilegeEscalation: true } }),
    sets: [forbidden(0)],
  },
  {
    policy: "restricted-pods",
    when: "a container adds a capability that is not all rights of its node",
    type: DEPLOYMENT,
    properties: template({ securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN"] } } }),
    sets: [forbidden(0)],
  },
  // The API server refuses false beside these.
  {
    policy: "restricted-pods",
    when: "a container is privileged",
    type: DEPLOYMENT,
    properties: template({ securityContext: { privileged: true } }),
    sets: [],
  },
  ...["SYS_ADMIN", "CAP_SYS_ADMIN"].map(
    (capability): RemedyCase => ({
      policy: "restricted-pods",
      when: `a container adds ${capability} beside another capability`,
      type: DEPLOYMENT,
      properties: template({ securityContext: { capabilities: { add: ["CHOWN", capability] } } }),
      sets: [],
    }),
  ),
  {
    policy: "restricted-pods",
    when: "a scheduled pod has an init container",
    type: "kubernetes:batch/v1:CronJob",
    properties: {
      spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ name: "i" }] } } } } },
    },
    sets: [
      {
        path: [
          ..."spec jobTemplate spec template spec initContainers".split(" "),
          0,
          "securityContext",
          "allowPrivilegeEscalation",
        ],
        value: false,
      },
    ],
  },
  {
    policy: "restricted-pods",
    when: "the pod is an agent on nodes",
    type: DEPLOYMENT,
    properties: { metadata: { namespace: "monitoring-node" }, ...template({ name: "plain" }) },
    sets: [],
  },
  {
    policy: "restricted-pods",
    when: "the pod runs on Windows",
    type: DEPLOYMENT,
    properties: { spec: { template: { spec: { os: { name: "windows" }, containers: [{ name: "w" }] } } } },
    sets: [],
  },
  {
    policy: "restricted-pods",
    when: "the pod runs on Linux",
    type: DEPLOYMENT,
    properties: { spec: { template: { spec: { os: { name: "linux" }, containers: [{ name: "l" }] } } } },
    sets: [forbidden(0)],
  },
  {
    policy: "restricted-pods",
    when: "the operator writes the pod",
    type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
    properties: { spec: { containers: [{ name: "prometheus" }] } },
    sets: [],
  },
];

export const REMEDY_CASES: readonly RemedyCase[] = [...LABELS, ...TAGS, ...ESCALATION];

/** What a policy would set in the resource of a case, or in one that is like it but for its properties. */
export function remediesIn(
  policy: Policy,
  { type, properties, provider, settings }: RemedyCase,
): readonly Remedy[] {
  if (policy.scope === "stack") return [];
  const view = {
    type,
    name: "x",
    urn: urnOf(type, "x"),
    protect: false,
    properties: new Value(properties),
    ...(provider && { provider: new Value(provider) }),
  };
  return policy.remedies?.(view, { today: TODAY, ...(settings && { settings }) }) ?? [];
}

/** Whether a policy would set what each of its cases asks for, and nothing else. */
export function setsAll(policy: Policy): boolean {
  return REMEDY_CASES.filter((one) => one.policy === policy.id).every((one) =>
    isDeepStrictEqual(remediesIn(policy, one), one.sets),
  );
}

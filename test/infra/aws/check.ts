import type { AwsService } from "../../support/published-schemas.ts";
import * as autoMode from "./auto-mode-rules.ts";
import { callsOf } from "./calls.ts";
import * as cluster from "./cluster-rules.ts";
import type { Fault, Finding } from "./fault.ts";
import type { GraphResource } from "./graph.ts";
import * as heartbeat from "./heartbeat-rules.ts";
import { IamData } from "./iam-data.ts";
import * as ingress from "./ingress-rules.ts";
import * as karpenter from "./karpenter-rules.ts";
import * as keys from "./key-rules.ts";
import * as network from "./network-rules.ts";
import * as nodes from "./node-rules.ts";
import { type DocumentKind, documentFaults } from "./policy-document.ts";
import { Relations } from "./relations.ts";
import * as roles from "./role-rules.ts";
import { ServiceModel } from "./service-model.ts";
import * as storedRules from "./stored-rules-rules.ts";

// An independent opinion of what the platform asks of AWS: the models that AWS publishes of its APIs, the service authorization reference
// for documents of IAM, and what the user guides say of parts together. It imports nothing that makes the resources.

const RULES: readonly roles.Rule[] = [
  ...Object.values(cluster),
  ...Object.values(network),
  ...Object.values(nodes),
  ...Object.values(karpenter),
  ...Object.values(autoMode),
  ...Object.values(keys),
  ...Object.values(ingress),
  ...Object.values(heartbeat),
  ...Object.values(storedRules),
  roles.usersAreTrusted,
  roles.podRolesAreBound,
  roles.managedPoliciesExist,
  roles.logsMayUseTheirKey,
  roles.keysAreAdministered,
  roles.controlPlaneMayUseItsKey,
];

/** Which inputs are documents of IAM, and where they stand. */
const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, DocumentKind>>>> = {
  "aws:iam/role:Role": { assumeRolePolicy: "trust" },
  "aws:iam/rolePolicy:RolePolicy": { policy: "identity" },
  "aws:iam/policy:Policy": { policy: "managed" },
  "aws:kms/key:Key": { policy: "resource" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { policy: "resource" },
  "aws:sns/topicPolicy:TopicPolicy": { policy: "resource" },
  "aws:sqs/queue:Queue": { policy: "resource" },
  "aws:sqs/queuePolicy:QueuePolicy": { policy: "resource" },
};

/** Checks graphs against the models, which it loads once. */
export class AwsCheck {
  readonly #data: IamData;
  readonly #models = new Map<AwsService, Promise<ServiceModel>>();

  private constructor(data: IamData) {
    this.#data = data;
  }

  static async load(): Promise<AwsCheck> {
    return new AwsCheck(await IamData.load());
  }

  /** What AWS would refuse, or take and never do. Throws for a type of resource that no call is known of. */
  async faults(resources: readonly GraphResource[]): Promise<readonly Fault[]> {
    const graph = new Relations(resources);
    const ours = resources.filter(({ type }) => /^(?:aws|kubernetes):/.test(type));
    const found = await Promise.all(
      ours.map(async (resource) => {
        const findings = [
          ...(await this.#refusals(resource)),
          ...this.#documents(resource),
          ...RULES.flatMap((rule) => rule(resource, graph, this.#data)),
        ];
        return findings.map((finding) => ({ resource: `${resource.type} ${resource.name}`, ...finding }));
      }),
    );
    return found.flat();
  }

  async #refusals(resource: GraphResource): Promise<readonly Finding[]> {
    if (!resource.type.startsWith("aws:")) return [];
    const calls = await Promise.all(
      callsOf(resource).map(async ({ service, operation, input }) =>
        (await this.#model(service)).refusals(operation, input),
      ),
    );
    return [...calls.flat(), ...(await this.#instanceTypes(resource))];
  }

  /** EKS takes any text as an instance type; EC2 has the list. */
  async #instanceTypes({ type, inputs }: GraphResource): Promise<readonly Finding[]> {
    if (type !== "aws:eks/nodeGroup:NodeGroup") return [];
    const known = (await this.#model("ec2")).enumeration("InstanceType");
    return (inputs.instanceTypes as readonly string[])
      .filter((instanceType) => !known.includes(instanceType))
      .map((found) => ({ at: "instanceTypes", found, allowed: "an instance type of EC2" }));
  }

  #documents({ type, inputs }: GraphResource): readonly Finding[] {
    return Object.entries(DOCUMENTS[type] ?? {}).flatMap(([input, kind]) =>
      documentFaults(inputs[input], kind, this.#data, input),
    );
  }

  #model(service: AwsService): Promise<ServiceModel> {
    const known = this.#models.get(service) ?? ServiceModel.of(service);
    this.#models.set(service, known);
    return known;
  }
}

import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";
import { allowing, textsOf } from "./policy-document.ts";

/** Resources with a policy of their own, all of which name it so. */
const TYPES_WITH_POLICY = [
  TYPES.key,
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:secretsmanager/secret:Secret",
];

export const openResourcePolicy: ResourcePolicy = {
  id: "open-resource-policy",
  area: "access",
  pack: "security",
  standards: ["FSBP S3.2", "FSBP KMS.5", "FSBP SNS.4", "FSBP SQS.3", "NIST AC-3"],
  scope: "resource",
  title: "No policy of a key, bucket, topic, queue, repository or secret allows every principal.",
  why: "A principal of * without a condition is every AWS customer, or the whole Internet.",
  fix: "name the principals in the policy, or add a Condition such as aws:SourceAccount or aws:PrincipalOrgID",
  severity: "critical",
  levels: ALWAYS,
  types: TYPES_WITH_POLICY,
  check: ({ properties }) => {
    const statements: Value[] = [];
    return [
      ...judge(() => void statements.push(...allowing(properties.at("policy")))),
      ...judgeEach(statements, (statement) => {
        const principal = statement.at("Principal");
        const isEverybody = principal.is("*") || textsOf(principal.at("AWS")).includes("*");
        return isEverybody && !statement.at("Condition").exists
          ? "a statement of its policy allows every principal"
          : undefined;
      }),
    ];
  },
};

import { type ResourceView, TYPES } from "../resource.ts";
import { Value } from "../value.ts";
import { judge, judgeEach, type Verdict, type Violation } from "../violation.ts";

/** IAM resources that carry what a principal may do, and the input that holds it. */
const IDENTITY_POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
};

/** The types whose identity policies {@link identityPolicies} reads. */
export const IDENTITY_POLICY_TYPES: readonly string[] = [...Object.keys(IDENTITY_POLICIES), TYPES.role];

/** The documents that say what a principal may do: of a policy resource one, of a role those written into it. */
function identityPolicies({ type, properties }: ResourceView): Value[] {
  if (type === TYPES.role)
    return properties
      .at("inlinePolicies")
      .items()
      .map((inline) => inline.at("policy"));
  const input = IDENTITY_POLICIES[type];
  return input === undefined ? [] : [properties.at(input)];
}

/** The statements of a document, which is an object or its JSON; what is no JSON has none, and AWS refuses it. */
function statementsOf(document: Value): Value[] {
  const text = document.text();
  return listOf((text === undefined ? document : parsed(text, document.path)).at("Statement"));
}

/** The statements that allow something. */
export function allowing(document: Value): Value[] {
  return statementsOf(document).filter((statement) => statement.at("Effect").is("Allow"));
}

/** Judges each statement that allows something, of each identity policy of a resource, on its own. */
export function judgeAllowing(
  resource: ResourceView,
  verdict: (statement: Value, document: Value) => Verdict,
): Violation[] {
  const documents: Value[] = [];
  return [
    ...judge(() => void documents.push(...identityPolicies(resource))),
    ...documents.flatMap((document) => {
      const statements: Value[] = [];
      return [
        ...judge(() => void statements.push(...allowing(document))),
        ...judgeEach(statements, (statement) => verdict(statement, document)),
      ];
    }),
  ];
}

/** A list, or the one thing that IAM takes in its place. */
export function listOf(value: Value): Value[] {
  const items = value.items();
  return items.length > 0 || !value.exists ? items : isEmptyList(value) ? [] : [value];
}

/** The texts of a field that is one or several. */
export function textsOf(value: Value): string[] {
  return listOf(value).flatMap((item) => item.text() ?? []);
}

/** Whether a pattern such as `iam:Pass*` takes an action. IAM compares actions without regard to case. */
export function takesAction(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "i").test(action);
}

/** Whether a resource of a statement is each of its service. */
export function isEveryResource(resource: string): boolean {
  return /^\*+$/.test(resource) || /^arn:\*/.test(resource);
}

function isEmptyList(value: Value): boolean {
  return value.text() === undefined && value.fields().length === 0;
}

function parsed(text: string, path: string): Value {
  try {
    return new Value(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof SyntaxError) return new Value(undefined, path);
    throw error;
  }
}

import type { Finding } from "./fault.ts";
import { isUnknown } from "./graph.ts";
import type { Action, IamData } from "./iam-data.ts";

/** Where a document stands decides its grammar and its size. */
export type DocumentKind = "identity" | "managed" | "trust" | "resource";

/** A statement, as far as it is read. A value that is known only after `up` is one text. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

// Characters without white space (IAM and AWS STS quotas): a role's inline policies together, a managed policy, a trust policy; KMS's
// policy of a key has 32 KiB (AWS KMS quotas), and no other policy of a resource here is longer.
const LARGEST: Readonly<Record<DocumentKind, number>> = {
  identity: 10_240,
  managed: 6_144,
  trust: 2_048,
  resource: 32_768,
};

// The elements of a statement (IAM JSON policy elements reference).
const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

// The condition operators by the type of the keys that they compare.
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  String: [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
  ],
  ARN: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
  Numeric: [
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
  ],
  Date: [
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
  ],
  Bool: ["Bool"],
  IPAddress: ["IpAddress", "NotIpAddress"],
  Binary: ["BinaryEquals"],
};

/** The statements of a document, as text or as an object; undefined where it is known only after `up`, or is no document. */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  if (document === undefined || isUnknown(document)) return undefined;
  const parsed = parsedDocument(document);
  if (parsed === undefined) return undefined;
  return [parsed["Statement"] ?? []].flat() as readonly Statement[];
}

function parsedDocument(document: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof document !== "string") return document as Readonly<Record<string, unknown>>;
  try {
    return JSON.parse(document) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** What IAM refuses of a document, and what it takes but never matches. */
export function documentFaults(
  document: unknown,
  kind: DocumentKind,
  data: IamData,
  at: string,
): readonly Finding[] {
  if (document === undefined || isUnknown(document)) return [];
  const parsed = parsedDocument(document);
  const statements = statementsOf(document);
  if (parsed === undefined || statements === undefined)
    return [{ at, found: "no JSON", allowed: "a policy document" }];
  const size = JSON.stringify(parsed).replace(/\s/g, "").length;
  return [
    ...(parsed["Version"] === "2012-10-17"
      ? []
      : [{ at: `${at}.Version`, found: JSON.stringify(parsed["Version"]), allowed: '"2012-10-17"' }]),
    ...(size <= LARGEST[kind]
      ? []
      : [{ at, found: `${size} characters`, allowed: `at most ${LARGEST[kind]}` }]),
    ...(statements.length > 0 ? [] : [{ at, found: "no statement", allowed: "one or more" }]),
    ...statements.flatMap((statement, index) => [
      ...grammarFaults(statement, kind, `${at}.Statement[${index}]`),
      ...actionFaults(statement, kind, data, `${at}.Statement[${index}]`),
    ]),
  ];
}

function grammarFaults(statement: Statement, kind: DocumentKind, at: string): readonly Finding[] {
  const { Effect, Sid } = statement;
  const has = (element: string) => element in statement;
  const unknown = Object.keys(statement).filter((element) => !ELEMENTS.includes(element));
  const needsPrincipal = kind === "trust" || kind === "resource";
  const needsResource = kind !== "trust";
  return [
    ...unknown.map((element) => ({
      at: `${at}.${element}`,
      found: "an element",
      allowed: ELEMENTS.join(", "),
    })),
    ...(Effect === "Allow" || Effect === "Deny"
      ? []
      : [{ at: `${at}.Effect`, found: `${Effect}`, allowed: "Allow or Deny" }]),
    ...(Sid === undefined || /^[A-Za-z0-9]*$/.test(Sid) || kind === "resource"
      ? []
      : [{ at: `${at}.Sid`, found: Sid, allowed: "letters and digits" }]),
    ...presence(has("Principal") || has("NotPrincipal"), needsPrincipal, `${at}.Principal`),
    ...presence(has("Resource") || has("NotResource"), needsResource, `${at}.Resource`),
    ...presence(has("Action") !== has("NotAction"), true, `${at}.Action`),
    ...Object.keys(statement.Condition ?? {}).flatMap((operator) =>
      isOperator(operator) ? [] : [{ at: `${at}.Condition`, found: operator, allowed: "an operator of IAM" }],
    ),
  ];
}

function presence(found: boolean, wanted: boolean, at: string): readonly Finding[] {
  if (found === wanted) return [];
  return [
    {
      at,
      found: found ? "there" : "missing",
      allowed: wanted ? "a value" : "nothing in a document of this kind",
    },
  ];
}

function bareOperator(operator: string): string {
  return operator.replace(/^(?:ForAllValues|ForAnyValue):/, "").replace(/IfExists$/, "");
}

function isOperator(operator: string): boolean {
  return operator === "Null" || Object.values(OPERATORS).some((all) => all.includes(bareOperator(operator)));
}

function actionFaults(
  statement: Statement,
  kind: DocumentKind,
  data: IamData,
  at: string,
): readonly Finding[] {
  const patterns = [statement.Action ?? []].flat();
  const actions = patterns.flatMap((pattern) => data.actions(pattern));
  return [
    ...patterns
      .filter((pattern) => pattern !== "*" && data.actions(pattern).length === 0)
      .map((pattern) => ({
        at: `${at}.Action`,
        found: pattern,
        allowed: "an action of the service authorization reference",
      })),
    ...(kind === "trust" ? [] : patterns.flatMap((pattern) => resourceFaults(pattern, statement, data, at))),
    ...conditionFaults(statement, actions, data, at),
  ];
}

/** An action on a resource that it does not know is allowed nothing, without an error: the statement never matches. */
function resourceFaults(
  pattern: string,
  { Resource }: Statement,
  data: IamData,
  at: string,
): readonly Finding[] {
  const resources = [Resource ?? []].flat();
  const actions = data.actions(pattern);
  if (actions.length === 0 || resources.some((resource) => resource === "*" || isUnknown(resource)))
    return [];
  // Of a pattern, one action that fits is enough: the others are allowed nothing, as was meant.
  if (actions.some((action) => resources.some((resource) => fits(resource, action)))) return [];
  const known = [...new Set(actions.flatMap((action) => action.resources.map(({ arn }) => arn)))];
  return [
    {
      at: `${at}.Resource`,
      found: `${resources.join(", ")} for ${pattern}`,
      allowed: known.length === 0 ? "*: the action knows no resource" : known.join(", "),
    },
  ];
}

/** Whether some ARN is of a form that the action knows and one that the statement names: both may have wildcards. */
function fits(resource: string, { resources }: Action): boolean {
  return resources.some(({ arn }) => intersect(resource, arn.replace(/\$\{[^}]*\}/g, "*")));
}

/** Whether two patterns, in which `*` is any text, have a text in common. */
function intersect(left: string, right: string): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (right.length + 1) + j;
    const found = known.get(key) ?? step(i, j);
    known.set(key, found);
    return found;
  };
  const step = (i: number, j: number): boolean => {
    if (i === left.length && j === right.length) return true;
    if (left[i] === "*" && (from(i + 1, j) || (j < right.length && from(i, j + 1)))) return true;
    if (right[j] === "*" && (from(i, j + 1) || (i < left.length && from(i + 1, j)))) return true;
    return i < left.length && left[i] === right[j] && from(i + 1, j + 1);
  };
  return from(0, 0);
}

function conditionFaults(
  { Condition = {} }: Statement,
  actions: readonly Action[],
  data: IamData,
  at: string,
): readonly Finding[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.keys(keys).flatMap((key): readonly Finding[] => {
      // The claims of a cluster's own identity provider have its address as their prefix.
      if (/^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com/.test(key) && /:(?:aud|sub)$/.test(key)) return [];
      const type = data.keyType(key, actions);
      if (type === undefined)
        return [
          { at: `${at}.Condition`, found: key, allowed: "a key that every request or these actions have" },
        ];
      const base = type.replace("ArrayOf", "");
      const allowed = [
        ...(OPERATORS[base] ?? []),
        ...(base === "ARN" ? (OPERATORS["String"] ?? []) : []),
        ...(base === "String" ? (OPERATORS["ARN"] ?? []) : []),
      ];
      if (operator === "Null" || allowed.includes(bareOperator(operator))) return [];
      return [
        {
          at: `${at}.Condition`,
          found: `${operator} of ${key}, which is of type ${type}`,
          allowed: allowed.join(", "),
        },
      ];
    }),
  );
}

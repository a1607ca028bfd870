import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { type ResourceView, TYPES } from "../resource.ts";
import { Value } from "../value.ts";
import { judge, judgeEach } from "../violation.ts";
import { allowing, textsOf } from "./policy-document.ts";

export const iamTrust: ResourcePolicy = {
  id: "iam-trust",
  area: "access",
  pack: "security",
  standards: ["NIST AC-3", "NIST AC-6", "NIST IA-2"],
  scope: "resource",
  title:
    "A role that every AWS account, an identity provider or another account may assume has a condition that says who.",
  why: "Without one every AWS customer, every pod of the cluster or every repository of the provider can take on the role.",
  fix: "add a Condition: on <provider>:sub for an OIDC provider, on sts:ExternalId or aws:PrincipalOrgID for another account",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.role],
  check: (resource) => {
    const statements: Value[] = [];
    return [
      ...judge(() => void statements.push(...allowing(resource.properties.at("assumeRolePolicy")))),
      ...judgeEach(statements, (statement) => trustVerdict(statement, resource)),
    ];
  },
};

function trustVerdict(statement: Value, resource: ResourceView): string | undefined {
  const principal = statement.at("Principal");
  const isEverybody = principal.is("*") || textsOf(principal.at("AWS")).includes("*");
  const conditions = conditionsOf(statement);
  if (isEverybody || statement.at("NotPrincipal").exists)
    return conditions.length > 0 ? undefined : "every AWS account may assume the role";
  const providers = textsOf(principal.at("Federated"));
  if (providers.some(isOidc) && !conditions.some(([key, values]) => /:sub$/i.test(key) && !isAny(values)))
    return "every user of the identity provider may assume the role, because no condition names a subject";
  if (providers.length > 0 && conditions.length === 0)
    return "every user of the identity provider may assume the role, because there is no condition";
  const own = accountsOf(resource);
  const foreign = textsOf(principal.at("AWS")).some((arn) => {
    const account = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(arn)?.[1];
    return account !== undefined && own.length > 0 && !own.includes(account);
  });
  return foreign && conditions.length === 0
    ? "another account may assume the role, and no condition limits it"
    : undefined;
}

function isOidc(provider: string): boolean {
  return provider.includes(":oidc-provider/") || !provider.startsWith("arn:");
}

/** The keys that the conditions compare, with what they compare them to. */
function conditionsOf(statement: Value): (readonly [key: string, values: Value])[] {
  return statement
    .at("Condition")
    .fields()
    .flatMap(([, keys]) => keys.fields());
}

function isAny(values: Value): boolean {
  return values.known && textsOf(values).some((value) => /^\*+$/.test(value));
}

/** The accounts that the role's provider is allowed to change; none where it does not say. */
function accountsOf({ provider }: ResourceView): string[] {
  const allowed = provider?.at("allowedAccountIds");
  if (allowed === undefined || !allowed.known) return [];
  // A provider's inputs that are no texts come as JSON.
  const text = allowed.text();
  return textsOf(text === undefined ? allowed : new Value(JSON.parse(text)));
}

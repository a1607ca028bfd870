import type { ResourceView } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge, judgeEach, type Verdict, type Violation } from "../violation.ts";

const GROUP = "kubernetes:rbac.authorization.k8s.io/v1";

export const ROLE_TYPES: readonly string[] = [`${GROUP}:ClusterRole`, `${GROUP}:Role`];
export const BINDING_TYPES: readonly string[] = [`${GROUP}:ClusterRoleBinding`, `${GROUP}:RoleBinding`];

/** Judges each rule of a Role or ClusterRole on its own. */
export function judgeRules({ properties }: ResourceView, verdict: (rule: Value) => Verdict): Violation[] {
  const rules: Value[] = [];
  return [...judge(() => void rules.push(...properties.at("rules").items())), ...judgeEach(rules, verdict)];
}

/** Whether a list of a rule, such as its verbs, has one of these words. */
export function has(list: Value, ...words: readonly string[]): boolean {
  return list.items().some((item) => words.some((word) => item.is(word)));
}

import { policyPage } from "../../policies/rules/page.ts";
import { messageParts, verdictOf } from "../policy/verdict.ts";
import { sarifLog } from "../sarif.ts";
import type { Audit } from "./audit.ts";

const LEVELS = { violation: "error", advice: "warning", waived: "note", undecided: "note" } as const;

/**
 * An audit as SARIF 2.1.0. A resource has no line of source: it is a logical location, by its URN, and the physical one is what was
 * audited, such as the state file. What is waived is suppressed with its reason.
 */
export function auditSarif({ results }: Audit, artefact: string): string {
  const policies = [...new Set(results.map(({ policy }) => policy))].sort();
  return sarifLog({
    tool: "bellwether audit",
    rules: policies.map((id) => ({ id, helpUri: policyPage(id) })),
    results: results.map((result) => {
      const { what, fix } = messageParts(result);
      const answered = result.waived ?? result.snoozed;
      return {
        ruleId: result.policy,
        level: LEVELS[verdictOf(result)],
        message: { text: fix === undefined ? `${what}.` : `${what}. Fix: ${fix}.` },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: encodeURI(artefact) } },
            ...(result.urn !== null && {
              logicalLocations: [{ fullyQualifiedName: result.urn, kind: "resource" }],
            }),
          },
        ],
        ...(answered && { suppressions: [{ kind: "external", justification: answered.reason }] }),
      };
    }),
  });
}

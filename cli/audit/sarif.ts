import { messageParts, verdictOf } from "../policy/verdict.ts";
import type { Audit } from "./audit.ts";

const PAGES = "https://github.com/bellwether-platform/bellwether/blob/main/docs/reference/policies";
const LEVELS = { violation: "error", advice: "warning", waived: "note", undecided: "note" } as const;

/**
 * An audit as SARIF 2.1.0. A resource has no line of source: it is a logical location, by its URN, and the physical one is what was
 * audited, such as the state file. What is waived is suppressed with its reason.
 */
export function auditSarif({ results }: Audit, artefact: string): string {
  const policies = [...new Set(results.map(({ policy }) => policy))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "bellwether audit",
            informationUri: "https://github.com/bellwether-platform/bellwether",
            rules: policies.map((id) => ({ id, helpUri: `${PAGES}/${id}.md` })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: results.map((result) => {
          const { what, fix } = messageParts(result);
          const answered = result.waived ?? result.snoozed;
          return {
            ruleId: result.policy,
            ruleIndex: policies.indexOf(result.policy),
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
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

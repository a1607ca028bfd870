import { sarifLog } from "../sarif.ts";
import { AREAS, KINDS, type Kind } from "./change.ts";
import type { Review } from "./review.ts";
import { changeInWords } from "./sentences.ts";

/** From this risk on a change is a warning to GitHub; one that fails a gate is an error. */
const WARNING = 60;

/**
 * A review as SARIF 2.1.0, for GitHub's code scanning and for editors: one result for each change, at the line that it most likely comes
 * from. A change without such a line is in the other outputs only, because a result without a place is not shown.
 */
export function reviewSarif({ changes }: Review): string {
  const located = changes.filter(({ location }) => location !== null);
  const kinds = [...new Set(located.map(({ kind }) => kind))].sort();
  return sarifLog({
    tool: "bellwether review",
    rules: kinds.map((kind) => ({ id: kind, shortDescription: { text: describe(kind) } })),
    results: located.map((change) => ({
      ruleId: change.kind,
      level: change.gate !== null ? "error" : change.risk >= WARNING ? "warning" : "note",
      message: { text: `${changeInWords(change)} (${change.environments.join(", ")}).` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(change.location?.file ?? ""), uriBaseId: "%SRCROOT%" },
            region: { startLine: change.location?.line ?? 1 },
          },
        },
      ],
    })),
  });
}

function describe(kind: Kind): string {
  return `${AREAS[KINDS[kind].area]}: ${kind.replaceAll("-", " ")}`;
}

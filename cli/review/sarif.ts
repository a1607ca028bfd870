import { sarifLog } from "../sarif.ts";
import { AREAS, KINDS, type Kind } from "./change.ts";
import type { Location, Review } from "./review.ts";
import { changeInWords, remindersInWords } from "./sentences.ts";

/** From this risk on a change is a warning to GitHub; one that fails a gate is an error. */
const WARNING = 60;

/**
 * A review as SARIF 2.1.0, for GitHub's code scanning and for editors: one result for each change, at the line that it most likely comes
 * from, and one for each waiver that somebody must do something about. A change without such a line is in the other outputs only, because a result without a place is not shown.
 */
export function reviewSarif({ changes, reminders }: Pick<Review, "changes" | "reminders">): string {
  const located = changes.filter(({ location }) => location !== null);
  const dated = reminders.filter(({ location }) => location !== null);
  const tasks = [...new Set(dated.map(({ task }) => task))].sort();
  const kinds = [...new Set(located.map(({ kind }) => kind))].sort();
  return sarifLog({
    tool: "bellwether review",
    rules: [
      ...kinds.map((kind) => ({ id: kind, shortDescription: { text: describe(kind) } })),
      ...tasks.map((task) => ({ id: `waiver-${task}`, shortDescription: { text: WAIVERS[task] } })),
    ],
    results: [
      ...located.map((change) => ({
        ruleId: change.kind,
        level: change.gate !== null ? "error" : change.risk >= WARNING ? "warning" : "note",
        message: { text: `${changeInWords(change)} (${change.environments.join(", ")}).` },
        locations: placesOf(change.location),
      })),
      ...dated.map((reminder) => ({
        ruleId: `waiver-${reminder.task}`,
        level: reminder.task === "expired" ? "warning" : "note",
        message: { text: remindersInWords({ reminders: [reminder] }).join("") },
        locations: placesOf(reminder.location),
      })),
    ],
  });
}

const WAIVERS = {
  ends: "Policies: a waiver ends within two weeks",
  expired: "Policies: a waiver has ended",
  unused: "Policies: a waiver is about no finding",
} as const;

function placesOf(location: Location): readonly object[] {
  return [
    {
      physicalLocation: {
        artifactLocation: { uri: encodeURI(location?.file ?? ""), uriBaseId: "%SRCROOT%" },
        region: { startLine: location?.line ?? 1 },
      },
    },
  ];
}

function describe(kind: Kind): string {
  return `${AREAS[KINDS[kind].area]}: ${kind.replaceAll("-", " ")}`;
}

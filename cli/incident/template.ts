import { duration } from "../../components/core/duration.ts";
import { type IncidentHead, MARKS } from "./file.ts";

const WORDS = { detected: "detect", acknowledged: "acknowledge", mitigated: "mitigate" } as const;

/** The review of an incident for people to complete, with its times filled in. It asks for causes in the system and blames no one. */
export function reviewTemplate(head: IncidentHead): string {
  const { services, environment, end } = head;
  return `## Review

| | from the start |
| --- | --- |
${MARKS.map((mark) => `| time to ${WORDS[mark]} | ${since(head, head[mark])} |`).join("\n")}
| time to resolve | ${since(head, end)} |

This review is about the system and not about people. What people did made sense with what they knew at that moment.

### Impact

Who noticed what, how many of them, in ${environment}${services.length === 0 ? "" : `, of ${services.join(", ")}`}? How much of which error budget was spent?

### What happened

Causes, more than one: what had to be true at the same time?

### What helped

### What made it harder

Which alert, dashboard or runbook was missing, late, or wrong? \`bellwether alert-review\` has the alerts of the month.

### Where we were lucky

### Actions

| what | prevents, detects or mitigates | owner | by |
| --- | --- | --- | --- |
| | | | |
`;
}

function since({ start }: IncidentHead, at: string | undefined): string {
  if (at === undefined) return "not noted";
  const seconds = (Date.parse(at) - Date.parse(start)) / 1000;
  return seconds < 0 ? `${duration(-seconds)} before it` : duration(seconds);
}

import { UNPROVEN } from "./rules.ts";

/** What the page of an alert says before its team has written more. */
export interface OwnRunbookFacts {
  readonly name: string;
  readonly service: string;
  readonly team: string;
  readonly severity: string;
  readonly for: string;
  readonly keepFiringFor?: string | undefined;
  readonly expr: string;
  /** A template. */
  readonly summary: string;
  /** A template. */
  readonly description: string;
  /** The names of the promtool cases; none for an alert without examples. */
  readonly cases: readonly string[];
  /** Whether a rule file has it, and not the definition. Default: false. */
  readonly isFromFile?: boolean;
}

/** The runbook of a team's own alert, with what its definition says; the team writes the rest. */
export function ownRunbook(facts: OwnRunbookFacts): string {
  const { name, service, team, summary, description, expr } = facts;
  return [
    `# ${name}`,
    `${plain(summary)}. An alert of team ${team} about ${service}.`,
    ownRunbookFacts(facts),
    `## Impact\n\n${plain(description)}`,
    `## Diagnosis\n\nRead what the alert compares:\n\n\`\`\`promql\n${expr}\n\`\`\``,
    `## Mitigation\n\nNot written yet. Team ${team} writes here what to do first, and how to see that it helped.`,
    `## How it was tested\n\n${ownRunbookProof(facts)}`,
  ]
    .join("\n\n")
    .concat("\n");
}

/** The table of the page. */
function ownRunbookFacts({ severity, for: held, keepFiringFor, service, team }: OwnRunbookFacts): string {
  const rows = [
    ["severity", severity],
    ["for", held],
    ...(keepFiringFor === undefined ? [] : [["keep_firing_for", keepFiringFor]]),
    ["labels", `service ${service}, team ${team}`],
  ];
  return ["|  | value |", "| --- | --- |", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** The last section of the page. */
function ownRunbookProof({ name, cases, isFromFile = false }: OwnRunbookFacts): string {
  if (cases.length === 0 && isFromFile)
    return `${UNPROVEN.sentence.trim()} Move it from the rule file to \`alerts.${name}\` of the definition, and add \`examples\`.`;
  if (cases.length === 0)
    return `${UNPROVEN.sentence.trim()} Add \`examples\` to \`alerts.${name}\` of the definition.`;
  return [
    "promtool tests these cases with the deployed version of Prometheus:",
    "",
    ...cases.map((title) => `- ${title}`),
  ].join("\n");
}

/** A template with each label as its name in capitals. */
function plain(template: string): string {
  return template
    .replaceAll(/\{\{\s*\$labels\.(\w+)[^{}]*\}\}/g, (_, label: string) => label.toUpperCase())
    .replaceAll(/\{\{\s*\$value[^{}]*\}\}/g, "VALUE");
}

import { type Exclusion, PLATFORM_EXCLUSIONS } from "../../../components/grafana/lint/exclusions.ts";
import { type DashboardFinding, lintDashboards } from "../../../components/grafana/lint/lint.ts";
import { ADVISED, type StackPolicy } from "../policy.ts";
import type { Violation } from "../violation.ts";
import { dashboardsOf } from "./dashboards.ts";

export const dashboardLint: StackPolicy = {
  id: "dashboard-lint",
  area: "alerting",
  pack: "observability",
  standards: ["SRE Workbook: Monitoring"],
  scope: "stack",
  title:
    "Every dashboard passes the linter: its queries are valid, its metrics have a source, its links lead to panels.",
  why: "Grafana accepts a dashboard with panels that stay empty, and the on-call engineer sees that during an incident.",
  fix: "correct the dashboard as the message says, or exclude the finding in stacks/waivers.yaml; docs/how-to/look-at-dashboards.md explains each check",
  severity: "medium",
  levels: ADVISED,
  check: (resources, { today, exclusions = [] }) => {
    const { world, urns, problems } = dashboardsOf(resources);
    // How the platform scrapes is the same for every dashboard on it, those of teams among them.
    const covering = world.surroundings.complete ? [...exclusions, ...PLATFORM_EXCLUSIONS] : exclusions;
    const { findings, excluded } = lintDashboards(world, { exclusions: covering, today });
    const urnOf = (uid: string) => [...urns].find(([dashboard]) => dashboard.uid === uid)?.[1] ?? "";
    return [
      ...problems,
      ...findings.map((finding) => ({ what: sentenceOf(finding), urn: urnOf(finding.uid) })),
      ...covering.flatMap((exclusion) =>
        summary(
          exclusion,
          excluded.filter((finding) => finding.exclusion === exclusion),
        ),
      ),
    ];
  },
};

function sentenceOf({ check, uid, panel, what, expired }: DashboardFinding): string {
  const over = expired ? `[the exclusion by ${expired.owner} expired on ${expired.expires}] ` : "";
  return `${over}${panel === undefined ? uid : `${uid}, panel ${panel},`} ${what} (${check})`;
}

/** One line for each exclusion: it may cover a finding in every panel. */
function summary(
  { check, owner, expires, reason }: Exclusion,
  excluded: readonly DashboardFinding[],
): Violation[] {
  if (excluded.length === 0) return [];
  const dashboards = new Set(excluded.map(({ uid }) => uid)).size;
  const places = `${excluded.length} ${excluded.length === 1 ? "place" : "places"} on ${dashboards} ${dashboards === 1 ? "dashboard" : "dashboards"}`;
  return [{ what: `${check} does not hold in ${places}`, snoozed: { owner, expires, reason } }];
}

import type { DashboardCheck, DashboardWorld, Fault } from "./check.ts";
import type { Exclusion } from "./exclusions.ts";
import { GRAFANA_CHECKS } from "./grafana-checks.ts";
import { OWN_CHECKS } from "./own-checks.ts";

/** Everything that dashboards are held to: Grafana's own rules, then ours. */
export const DASHBOARD_CHECKS: readonly DashboardCheck[] = [...GRAFANA_CHECKS, ...OWN_CHECKS];

/** One thing that is wrong with a dashboard. */
export interface DashboardFinding extends Fault {
  readonly check: string;
  readonly uid: string;
  /** The exclusion that covered it until its day was over. */
  readonly expired?: Exclusion;
}

export interface DashboardLint {
  readonly findings: readonly DashboardFinding[];
  /** What is wrong and answered for. */
  readonly excluded: readonly (DashboardFinding & { readonly exclusion: Exclusion })[];
  /** Exclusions whose day is over, whether or not they would still cover anything. */
  readonly expired: readonly Exclusion[];
  /** Exclusions that cover nothing here. */
  readonly unused: readonly Exclusion[];
}

/** Holds an environment's dashboards to every check; `today` is the day on which exclusions are judged, `YYYY-MM-DD`. */
export function lintDashboards(
  world: DashboardWorld,
  { exclusions, today }: { readonly exclusions: readonly Exclusion[]; readonly today: string },
): DashboardLint {
  const found = world.dashboards.flatMap((dashboard) =>
    DASHBOARD_CHECKS.flatMap(({ id, judge }) =>
      judge(dashboard, world).map((fault): DashboardFinding => ({ check: id, uid: dashboard.uid, ...fault })),
    ),
  );
  // An exclusion holds through the day that it names.
  const isExpired = ({ expires }: Exclusion) => expires < today;
  const coverOf = (finding: DashboardFinding) => exclusions.find((exclusion) => covers(exclusion, finding));
  const findings: DashboardFinding[] = [];
  const excluded: DashboardLint["excluded"][number][] = [];
  const used = new Set<Exclusion>();
  for (const finding of found) {
    const exclusion = coverOf(finding);
    if (exclusion === undefined) findings.push(finding);
    else if (isExpired(exclusion)) findings.push({ ...finding, expired: exclusion });
    else excluded.push({ ...finding, exclusion });
    if (exclusion !== undefined) used.add(exclusion);
  }
  return {
    findings,
    excluded,
    expired: exclusions.filter(isExpired),
    unused: exclusions.filter((exclusion) => !used.has(exclusion)),
  };
}

function covers({ check, dashboard, panel }: Exclusion, finding: DashboardFinding): boolean {
  return (
    check === finding.check &&
    (dashboard === undefined || finding.uid === dashboard || finding.uid.startsWith(`${dashboard}-`)) &&
    (panel === undefined || panel === finding.panel)
  );
}

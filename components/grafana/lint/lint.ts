import type { DashboardCheck, DashboardWorld, Fault } from "./check.ts";
import type { Exclusion } from "./exclusions.ts";
import { GRAFANA_CHECKS } from "./grafana-checks.ts";
import { OWN_CHECKS } from "./own-checks.ts";

/** All checks of dashboards: those of Grafana's dashboard-linter, then ours. */
export const DASHBOARD_CHECKS: readonly DashboardCheck[] = [...GRAFANA_CHECKS, ...OWN_CHECKS];

/** One finding in a dashboard. */
export interface DashboardFinding extends Fault {
  readonly check: string;
  readonly uid: string;
  /** The expired exclusion that covered it. */
  readonly expired?: Exclusion;
}

export interface DashboardLint {
  readonly findings: readonly DashboardFinding[];
  /** Findings that an exclusion covers. */
  readonly excluded: readonly (DashboardFinding & { readonly exclusion: Exclusion })[];
  /** Exclusions after their last day, whether or not they would cover a finding. */
  readonly expired: readonly Exclusion[];
  /** Exclusions that cover no finding. */
  readonly unused: readonly Exclusion[];
}

/** Checks the dashboards of an environment; `today` is the day for the expiry of exclusions, `YYYY-MM-DD`. */
export function lintDashboards(
  world: DashboardWorld,
  { exclusions, today }: { readonly exclusions: readonly Exclusion[]; readonly today: string },
): DashboardLint {
  const found = world.dashboards.flatMap((dashboard) =>
    DASHBOARD_CHECKS.flatMap(({ id, judge }) =>
      judge(dashboard, world).map((fault): DashboardFinding => ({ check: id, uid: dashboard.uid, ...fault })),
    ),
  );
  // An exclusion is valid on its last day.
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

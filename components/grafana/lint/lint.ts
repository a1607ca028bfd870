import { isDeepStrictEqual } from "node:util";
import type { DashboardJson } from "../json.ts";
import type { DashboardCheck, DashboardWorld, Fault } from "./check.ts";
import type { Exclusion } from "./exclusions.ts";
import { DashboardForms } from "./forms.ts";
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

type Found = Omit<DashboardFinding, "uid">;

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
  const found = findingsOf(world);
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

/**
 * Dashboards of services that are the same but for names have the same findings with other names. The second of a form is judged, too, and proves it:
 * where a name is a word of a finding itself, each is judged.
 */
function findingsOf(world: DashboardWorld): readonly DashboardFinding[] {
  const forms = new DashboardForms(world);
  const known = new Map<string, { readonly faults: readonly Found[]; readonly proven: boolean } | "judged">();
  return world.dashboards.flatMap((dashboard) => {
    const { uid } = dashboard;
    const form = forms.of(dashboard);
    const before = form && known.get(form.key);
    if (form && before !== undefined && before !== "judged" && before.proven)
      return before.faults.map((fault) => ({ ...form.named(fault), uid }));
    const found = inDashboard(dashboard, world);
    if (form === undefined || before === "judged") return found;
    const faults = found.map(({ uid: _, ...fault }) => form.unnamed(fault));
    if (before === undefined) known.set(form.key, { faults, proven: false });
    else known.set(form.key, isDeepStrictEqual(before.faults, faults) ? { faults, proven: true } : "judged");
    return found;
  });
}

function inDashboard(dashboard: DashboardJson, world: DashboardWorld): readonly DashboardFinding[] {
  return DASHBOARD_CHECKS.flatMap(({ id, judge }) =>
    judge(dashboard, world).map((fault): DashboardFinding => ({ check: id, uid: dashboard.uid, ...fault })),
  );
}

function covers({ check, dashboard, panel }: Exclusion, finding: DashboardFinding): boolean {
  return (
    check === finding.check &&
    (dashboard === undefined || finding.uid === dashboard || finding.uid.startsWith(`${dashboard}-`)) &&
    (panel === undefined || panel === finding.panel)
  );
}

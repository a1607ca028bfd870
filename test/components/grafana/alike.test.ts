import { describe, expect, it } from "vitest";
import type { WrittenGroup } from "../../../components/core/rules.ts";
import type { DashboardJson } from "../../../components/grafana/json.ts";
import { lintDashboards } from "../../../components/grafana/lint/lint.ts";
import { dashboardsOfService } from "../../../components/grafana/service-dashboards.ts";
import { alikeRules, NONE_ALIKE } from "../../../components/lint/alike.ts";
import { Recorded } from "../../../components/lint/recorded.ts";
import { readGroups, type SourcedGroup } from "../../../components/lint/rule.ts";
import { renderService } from "../../../components/service/render.ts";
import { SURROUNDINGS } from "../lint/fixtures/fixture.ts";
import { argsOf, manyServices } from "../service/many.ts";
import { CONTEXT } from "./samples.ts";

const services = manyServices();
const GROUPS: readonly SourcedGroup[] = services.flatMap((service) =>
  ((renderService(argsOf(service)).rules.spec?.groups ?? []) as unknown as readonly WrittenGroup[]).map(
    (group) => ({
      ...group,
      source: service.name,
    }),
  ),
);
const JOBS = services.map(({ name }) => ({ name, interval: 30, dropped: [] }));
const SURROUNDED = { ...SURROUNDINGS, jobs: [...SURROUNDINGS.jobs, ...JOBS] };
/** The first is of no service: it has the findings of alerts whose dashboards are nowhere. */
const DASHBOARDS = services.flatMap((service) =>
  dashboardsOfService(service, { ...CONTEXT, runbookBaseUrl: "https://example.com/runbooks" }).map(
    ({ json }) => json,
  ),
);

/** What is found where dashboards are judged by their form, and where each is judged; and how many were judged. */
function findings(dashboards: readonly DashboardJson[], groups = GROUPS, surroundings = SURROUNDED) {
  const found = [alikeRules(groups, surroundings), NONE_ALIKE].map((alike) => {
    const { groups: read } = readGroups(groups, alike.sources);
    const world = { groups: read, recorded: new Recorded(read), surroundings, dashboards, alerts: [], alike };
    return lintDashboards(world, { exclusions: [], today: "2026-11-23" });
  });
  return { byForm: found[0], each: found[1] };
}

function withChanged(change: (text: string) => string, uid = "inventory"): readonly DashboardJson[] {
  return DASHBOARDS.map((dashboard) =>
    dashboard.uid.includes(uid)
      ? (JSON.parse(change(JSON.stringify(dashboard))) as DashboardJson)
      : dashboard,
  );
}

describe("dashboards of services that are alike but for names", () => {
  it.each([
    ["nothing is changed", () => findings(DASHBOARDS)],
    ["all have the same uid", () => findings(DASHBOARDS.map((dashboard) => ({ ...dashboard, uid: "same" })))],
    [
      "a query of one asks for a metric of nobody",
      () => findings(withChanged((text) => text.replaceAll("slo:sli_total:rate5m", "nobody:records:this"))),
    ],
    [
      "a query of all asks for a metric of nobody",
      () =>
        findings(
          withChanged((text) => text.replaceAll("slo:sli_total:rate5m", "nobody:records:this"), "service"),
        ),
    ],
    [
      "a query of one is no PromQL",
      () => findings(withChanged((text) => text.replace('"expr":"', '"expr":"sum( '))),
    ],
    [
      "the rules of one are gone",
      () =>
        findings(
          DASHBOARDS,
          GROUPS.filter(({ source }) => source !== "search"),
        ),
    ],
    [
      "no monitor scrapes one of them",
      () =>
        findings(DASHBOARDS, GROUPS, {
          ...SURROUNDED,
          jobs: SURROUNDED.jobs.filter(({ name }) => name !== "orders"),
        }),
    ],
  ])("have the findings of dashboards that are judged one by one, where %s", (_, found) => {
    const { byForm, each } = found();
    expect(each?.findings.length).toBeGreaterThan(0);
    expect(byForm).toEqual(each);
  });
});

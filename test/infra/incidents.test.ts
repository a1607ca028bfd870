import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RuleFile } from "../../components/core/rules.ts";
import { Recorded } from "../../components/lint/recorded.ts";
import { labelsOf } from "../../components/lint/results/labels.ts";
import { type LintedRule, readGroups } from "../../components/lint/rule.ts";
import { type Labels, type Paging, startPaging } from "../components/alertmanager/paging.ts";
import { until } from "../support/servers.ts";
import { ENVIRONMENTS, type EnvironmentName, files } from "./previews.ts";

// An incident that is open and acknowledged does not notify again. So two pages about different things must be two incidents, whichever
// alerts the catalogue has: what an alert can be about is read from the labels that the results of its rule have.

/** Labels that do not say what an alert is about, each with the reason. */
const NOT_SUBJECTS: ReadonlyMap<string, string> = new Map([
  ["severity", "the route has one severity"],
  ["team", "the route is the team's"],
  ["pod", "one of the replicas of a program, which other labels name where it is a workload's"],
  ["instance", "one of the addresses of a job"],
  ["alertmanager", "one of the members that an alert is sent to"],
  ["condition", "which pressure a node is under"],
  ["reason", "why a container waits"],
  ["phase", "what state a volume is in"],
  ["resource", "which of the resources of a quota or of a controller"],
  ["verb", "which requests of the API server are slow"],
]);

/** Alerts of which a pod is the subject and no other label than the namespace says more. None of them pages by default. */
const ABOUT_PODS = ["KubePodNotReady", "ConfigReloaderFailing"];

interface Known {
  readonly name: string;
  readonly severity: string;
  /** The rule's own labels. */
  readonly own: Labels;
  /** Those that its result has in any case and those that it may have. */
  readonly labels: readonly string[];
}

function alertsOf(environment: EnvironmentName): readonly Known[] {
  const written = Object.entries(files(environment, "prometheus/rules")).flatMap(([source, text]) =>
    (parse(text) as RuleFile).groups.map((group) => ({ ...group, source })),
  );
  const { groups, unreadable } = readGroups(written);
  expect(unreadable).toEqual([]);
  const recorded = new Recorded(groups);
  return groups.flatMap(({ rules }) =>
    rules.filter(({ kind }) => kind === "alert").map((rule) => known(rule, recorded)),
  );
}

function known({ name, expression, labels: own }: LintedRule, recorded: Recorded): Known {
  const { mode, names } = labelsOf(expression, recorded, "any");
  // A result that keeps whatever its series have could be about anything.
  expect({ name, mode }).toEqual({ name, mode: "only" });
  return {
    name,
    severity: own["severity"] ?? "",
    own,
    labels: [...new Set([...names, ...Object.keys(own)])],
  };
}

interface RouteYaml {
  readonly matchers?: readonly string[];
  readonly group_by?: readonly string[];
  readonly routes?: readonly RouteYaml[];
}

const configOf = (environment: EnvironmentName) =>
  files(environment, "alertmanager")["alertmanager.yaml"] ?? "";

/** What pages are grouped by: the same in every route of severity critical. */
function groupingOfPages(environment: EnvironmentName): readonly string[] {
  const all = (route: RouteYaml): readonly RouteYaml[] => [route, ...(route.routes ?? []).flatMap(all)];
  const { route } = parse(configOf(environment)) as { readonly route: RouteYaml };
  const pages = all(route).filter(({ matchers }) => matchers?.includes('severity="critical"'));
  const groupings = new Set(pages.map(({ group_by = [] }) => group_by.join(",")));
  expect(groupings.size).toBe(1);
  return [...groupings][0]?.split(",") ?? [];
}

describe.each(ENVIRONMENTS)("the pages of %s", (environment) => {
  const alerts = alertsOf(environment);
  const grouping = groupingOfPages(environment);

  it("are kept apart by every label of their results that says what they are about", () => {
    const joined = alerts.flatMap(({ name, labels }) =>
      labels
        .filter((label) => !grouping.includes(label) && !NOT_SUBJECTS.has(label))
        .map((label) => `${name}: ${label}`),
    );
    expect(joined).toEqual([]);
    expect(grouping.filter((label) => NOT_SUBJECTS.has(label))).toEqual([]);
  });

  it("name what they are about in more than the namespace, if they are about pods", () => {
    const vague = alerts
      .filter(({ labels }) => labels.includes("pod") && labels.includes("namespace"))
      .filter(({ labels }) => !labels.some((label) => grouping.includes(label) && label !== "namespace"))
      .map(({ name, severity }) => ({ name, severity }));
    expect(vague).toEqual(
      vague
        .map(({ name }) => ({ name, severity: "warning" }))
        .filter(({ name }) => ABOUT_PODS.includes(name)),
    );
  });
});

it("no label is listed that no result has", () => {
  const labels = new Set(ENVIRONMENTS.flatMap(alertsOf).flatMap((alert) => alert.labels));
  const listed = [...NOT_SUBJECTS.keys(), ...groupingOfPages("prod")];
  expect(listed.filter((label) => !labels.has(label))).toEqual(["cluster", "alertname"]);
});

describe("on the Alertmanager that is deployed, with production's routing", () => {
  const pages = alertsOf("prod").filter(({ severity }) => severity === "critical");
  let paging: Paging;

  beforeAll(async () => {
    paging = await startPaging(configOf("prod"), 60);
  });
  afterAll(() => paging?.stop());

  const incidentsOf = (cluster: string) =>
    new Set(
      paging.sink.notifications
        .filter(({ state, text }) => state === "firing" && text.includes(` of ${cluster} fails`))
        .map(({ group }) => group),
    );

  it("two pages about different things are two incidents, for every alert and every label", async () => {
    const posted = pages.map(({ name, own, labels }, index) => {
      const cluster = `scene-${index}`;
      const base: Labels = {
        ...Object.fromEntries(labels.map((label) => [label, `a-${label}`])),
        ...own,
        alertname: name,
        cluster,
      };
      const subjects = labels.filter((label) => !NOT_SUBJECTS.has(label) && !(label in own));
      const others = subjects.map((label): Labels => ({ ...base, [label]: `b-${label}` }));
      return { name, cluster, alerts: [base, ...others], incidents: 1 + subjects.length };
    });
    await paging.post("firing", ...posted.flatMap(({ alerts }) => alerts));
    const rung = () => posted.map(({ name, cluster }) => `${name}: ${incidentsOf(cluster).size}`);
    const expected = posted.map(({ name, incidents }) => `${name}: ${incidents}`);
    await until(async () => rung().join() === expected.join(), 30).catch(() => undefined);
    expect(rung()).toEqual(expected);
    expect(posted.filter(({ incidents }) => incidents > 1).length).toBeGreaterThan(5);
  });

  it.each<[string, Labels, Labels]>([
    ["two objectives of one service", { service: "pricing", slo: "availability" }, { slo: "latency" }],
    [
      "two volumes",
      { namespace: "shop", persistentvolumeclaim: "data-0" },
      { persistentvolumeclaim: "data-1" },
    ],
    ["the disks of two nodes", { node: "a", device: "nvme1" }, { node: "b" }],
    ["two rule groups", { pod: "prometheus-0", rule_group: "a" }, { rule_group: "b" }],
  ])("%s are two incidents, though the second page comes later", async (title, one, other) => {
    const cluster = title.replaceAll(" ", "-");
    const first = { alertname: "Page", cluster, severity: "critical", team: "shop", ...one };
    await paging.post("firing", first);
    await until(async () => incidentsOf(cluster).size === 1, 20);
    await paging.post("firing", { ...first, ...other });
    await until(async () => incidentsOf(cluster).size === 2, 20);
  });

  it("two replicas of one program are one incident", async () => {
    const page = { alertname: "Page", cluster: "replicas", severity: "critical", team: "platform" };
    await paging.post("firing", { ...page, pod: "prometheus-0" }, { ...page, pod: "prometheus-1" });
    await until(async () => incidentsOf("replicas").size === 1, 20);
    // A later page shows that Alertmanager had time for a second one.
    await paging.post("firing", { ...page, cluster: "witness" });
    await until(async () => incidentsOf("witness").size === 1, 20);
    expect(incidentsOf("replicas").size).toBe(1);
  });
});

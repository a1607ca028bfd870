import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type PanelData, POINTS } from "../../cli/pictures/data.ts";
import { readRecording, recordedSource } from "../../cli/pictures/recorded.ts";
import { decode, encode } from "../../cli/pictures/recording-format.ts";
import type { DashboardJson, PanelJson } from "../../components/grafana/json.ts";
import { ENVIRONMENTS, type EnvironmentName, files, folder } from "../infra/previews.ts";

const FOLDER = new URL("../../cli/pictures/recording/", import.meta.url);
const { hour, boards } = readRecording();
const { from, to } = hour.incident;

/** Metrics of panels that have no data in the recorded hour, and why. */
const NO_DATA: readonly (readonly [metric: string, why: string])[] = [
  ["kube_job_failed", "no job failed"],
  ["kube_pod_container_status_waiting_reason", "no container waited for anything but a restart"],
  ["OOMKilled", "no container was killed for memory"],
  ["prometheus_operator_reconcile_errors_total", "the operator never failed"],
  ["kube_state_metrics_list_total", "kube-state-metrics never failed"],
  ["prometheus_remote_storage", "the recorded platform has no remote write: it needs AWS"],
];

interface Drawn {
  readonly board: DashboardJson;
  readonly panel: PanelJson;
  readonly data: PanelData | undefined;
}

const SERVICE = /^bellwether-service-(.+)-[a-z]+$/;

function dashboards(environment: EnvironmentName): DashboardJson[] {
  return Object.values(files(environment, "dashboards")).map((text) => JSON.parse(text) as DashboardJson);
}

async function drawn(environment: EnvironmentName): Promise<Drawn[]> {
  const all = dashboards(environment);
  const services = all.flatMap(({ uid }) => SERVICE.exec(uid)?.[1] ?? []);
  const source = recordedSource(readRecording(), { name: environment, services }, all);
  return Promise.all(
    all.flatMap((board) =>
      board.panels
        .filter((panel): panel is PanelJson => panel.type !== "row")
        .map(async (panel) => ({ board, panel, data: await source.read(panel, board) })),
    ),
  );
}

function texts({ targets }: PanelJson): string {
  return targets.map(({ expr }) => expr).join("\n");
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

describe("the recorded hour", () => {
  it("is small, and holds no path of the machine that recorded it", () => {
    const all = readdirSync(FOLDER).map((file) => readFileSync(new URL(file, FOLDER), "utf8"));
    expect(all.join("").length).toBeLessThan(400_000);
    const paths = all.flatMap((text) => text.match(/"\/[a-z]+\/[^"]*"|127\.0\.0\.1/g) ?? []);
    const ofThePlatform = /^"\/(etc\/prometheus|dev)\//;
    expect(paths.filter((path) => !ofThePlatform.test(path))).toEqual([]);
  });

  it("has a value for each minute of a line, and one for a number", () => {
    const lengths = new Set(
      [...Object.values(boards.platform), ...Object.values(boards.services).map(({ panels }) => panels)]
        .flatMap((board) => Object.values(board))
        .flatMap(({ series }) => series.map(([, , values]) => decode(values).length)),
    );
    expect(lengths).toEqual(new Set([1, hour.minutes + 1]));
  });

  it("has an incident that begins and ends within the hour, and numbers from while it lasts", () => {
    expect([0 < from, from < to, to < hour.minutes, from < hour.asOf, hour.asOf < to]).not.toContain(false);
    expect(hour.incident.what).toContain(hour.incident.service);
  });

  it.each(ENVIRONMENTS)(
    "knows every panel of %s, with data but for exceptions with a reason",
    async (name) => {
      const panels = await drawn(name);
      expect(panels.length).toBeGreaterThan(100);
      const describeOf = ({ board, panel }: Drawn) => `${board.title}: ${panel.title}`;
      expect(panels.filter(({ data }) => data === undefined).map(describeOf)).toEqual([]);
      const empty = panels.filter(({ data }) => data?.series.length === 0);
      // Of a service that the incident does not hit no alert fires.
      const isCalm = ({ board, panel }: Drawn) =>
        SERVICE.test(board.uid) &&
        !board.uid.includes(hour.incident.service) &&
        texts(panel).includes("ALERTS");
      // What was recorded is about services that do not run here, such as the autoscaler of one.
      const running = panels.flatMap(({ board }) => SERVICE.exec(board.uid)?.[1] ?? []);
      const absent = Object.keys(boards.services).filter((service) => !running.includes(service));
      const isOfOthers = ({ board, panel }: Drawn) =>
        (
          boards.platform[board.uid.slice("bellwether-".length, -`-${name}`.length)]?.[panel.id]?.series ?? []
        ).every(([, labels]) => absent.some((service) => JSON.stringify(labels).includes(service)));
      const isExcepted = ({ panel }: Drawn) => NO_DATA.some(([metric]) => texts(panel).includes(metric));
      expect(
        empty.filter((one) => !isCalm(one) && !isExcepted(one) && !isOfOthers(one)).map(describeOf),
      ).toEqual([]);
    },
  );

  it("needs each of the exceptions", async () => {
    const panels = await drawn("prod");
    for (const [metric] of NO_DATA)
      expect(
        panels.some(({ panel, data }) => texts(panel).includes(metric) && data?.series.length === 0),
        metric,
      ).toBe(true);
  });

  it("counts whole things", async () => {
    const counting = (await drawn("prod")).filter(({ panel }) =>
      panel.targets.every(({ expr }) => /^count( by \([^)]*\))?\(/.test(expr)),
    );
    expect(counting.length).toBeGreaterThan(5);
    for (const { panel, data } of counting)
      for (const { values } of data?.series ?? [])
        expect(known(values).every(Number.isInteger), panel.title).toBe(true);
  });

  it("has quantiles in their order at every moment", async () => {
    let compared = 0;
    for (const { panel, data } of await drawn("prod")) {
      const quantiles = panel.targets.map(({ expr }) => /histogram_quantile\((0\.\d+)/.exec(expr)?.[1]);
      if (quantiles.length < 2 || quantiles.includes(undefined)) continue;
      const lines = quantiles
        .map((quantile, query) => ({
          quantile: Number(quantile),
          values: data?.series.find((series) => series.query === query)?.values ?? [],
        }))
        .sort((a, b) => a.quantile - b.quantile);
      for (let minute = 0; minute <= hour.minutes; minute++) {
        const at = known(lines.map(({ values }) => values[minute] ?? null));
        expect(at, panel.title).toEqual(at.toSorted((a, b) => a - b));
        compared += at.length;
      }
    }
    expect(compared).toBeGreaterThan(hour.minutes);
  });

  it.each([
    ["overview", "ALERTS"],
    ["objectives", "slo:"],
    ["objective", "slo:"],
    ["workloads", "kube_deployment"],
    ["pods", "kube_pod_container_status_restarts_total"],
    ["alert-quality", "ALERTS"],
    ["service-storefront", "slo:"],
    ["service-storefront", "http_requests_total"],
    ["service-storefront", "container_cpu"],
  ])("shows the incident on the dashboard %s, in %s", async (name, metric) => {
    const lines = (await drawn("prod"))
      .filter(({ board, panel }) => board.uid === `bellwether-${name}-prod` && texts(panel).includes(metric))
      .flatMap(({ data }) => data?.series ?? [])
      .filter(({ values }) => values.length > 1);
    const moves = lines.filter(({ values }) => {
      const before = known(values.slice(0, from));
      const during = known(values.slice(from + 5, to));
      if (before.length === 0 || during.length === 0) return before.length !== during.length;
      const [least, most] = [Math.min(...before), Math.max(...before)];
      return during.some((value) => value > 1.2 * most || value < 0.95 * least);
    });
    expect(moves.length, `${lines.length} lines`).toBeGreaterThan(0);
  });

  it("fires no alert on a latency that has no objective", async () => {
    const firing = (await drawn("prod"))
      .filter(
        ({ board, panel }) =>
          SERVICE.test(board.uid) && panel.type === "table" && texts(panel).includes("ALERTS"),
      )
      .flatMap(({ board, data }) =>
        (data?.series ?? []).map(({ labels }) => [SERVICE.exec(board.uid)?.[1], labels["slo"]]),
      );
    expect(firing).toContainEqual([hour.incident.service, "availability"]);
    expect(firing.map(([, slo]) => slo)).not.toContain("latency");
  });

  it("says the same of alerts that fire in numbers and in the table beside them", async () => {
    const overview = (await drawn("prod")).filter(({ board }) => board.uid === "bellwether-overview-prod");
    const critical = overview.find(({ panel }) =>
      /^count\(ALERTS\{[^}]*severity="critical"/.test(texts(panel)),
    );
    const table = overview.find(({ panel }) => panel.type === "table" && texts(panel).includes("ALERTS{"));
    const rows = table?.data?.series.filter(({ labels }) => labels["severity"] === "critical") ?? [];
    expect(rows.length).toBeGreaterThan(0);
    expect(critical?.data?.series.flatMap(({ values }) => values)).toEqual([rows.length]);
  });

  it("gives another service of the kind its own name, and says where the pictures come from", async () => {
    const text = files("prod", "dashboards")["bellwether-service-storefront-prod.json"] ?? "";
    const board = JSON.parse(text.replaceAll("storefront", "basket")) as DashboardJson;
    const source = recordedSource(readRecording(), { name: "prod", services: ["basket"] }, [board]);
    const panels = board.panels.filter((panel): panel is PanelJson => panel.type !== "row");
    const found = await Promise.all(panels.map((panel) => source.read(panel, board)));
    const shown = JSON.stringify(found.map((data) => data?.series.map(({ name, labels }) => [name, labels])));
    expect(found.filter((data) => (data?.series.length ?? 0) > 0).length).toBeGreaterThan(8);
    expect(shown).toContain("basket-");
    expect(shown).not.toMatch(/storefront|kind-/);
    expect(source.noteOn?.(board)).toMatch(/^Recorded /);
  });

  it("names its day, its incident and its minutes in the report", () => {
    const report = readFileSync(folder("prod", "report.html"), "utf8");
    for (const said of [hour.day, hour.incident.what, `minute ${from} to minute`, `minute ${hour.asOf}`])
      expect(report).toContain(said);
  });
});

describe("recorded values as a text", () => {
  it("are the same values again", () => {
    for (const values of [[0, 0, 0.5, null, null, -3e-7], [1e21], new Array<null>(POINTS).fill(null)])
      expect(decode(encode(values))).toEqual(values);
  });

  it.each(["", "x", "1*", "1 ", "1**2"])("are refused as %j", (text) => {
    expect(() => decode(text)).toThrow(RangeError);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DashboardJson, PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { panelsOf } from "../../components/grafana/lint/check.ts";
import { examplesOf, slosOf } from "../../components/service/model.ts";
import { services } from "../../stacks/services/index.ts";
import type { PrometheusWithHistory } from "../support/prometheus.ts";
import { NOW, prometheusOf } from "./dashboard-data.ts";
import { ENVIRONMENTS, files } from "./previews.ts";

// Every query of every dashboard, asked of the real Prometheus as Grafana would ask it: nothing chosen, over an hour.

let server: PrometheusWithHistory;
beforeAll(async () => {
  server = await prometheusOf("prod");
}, 120_000);
afterAll(() => server?.stop());

/** Panels without data here, by title, and why. */
const EMPTY: Readonly<Record<string, string>> = {
  "Conditions that hold and have not fired":
    "the history's alerts fire at once, so that none is ever pending",
  "What is firing": "a service without a firing alert has none to list",
  Duration:
    "the examples of a service's availability hold the count of its histogram and none of its buckets",
};

const VALUES: Readonly<Record<string, string>> = {
  __rate_interval: "2m",
  __range: "1h",
  __range_s: "3600",
  __interval: "30s",
};

/** A query as Grafana sends it with all of every variable chosen. */
function sent({ expr }: TargetJson): string {
  return expr.replaceAll(/\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g, (_, braced?: string, bare?: string) => {
    return VALUES[braced ?? bare ?? ""] ?? ".*";
  });
}

async function hasData(panel: PanelJson): Promise<boolean> {
  const answers = await Promise.all(panel.targets.map((target) => server.query(sent(target), NOW)));
  return answers.some(({ answers: series }) => series.some(({ value }) => !Number.isNaN(value)));
}

const read = (environment: (typeof ENVIRONMENTS)[number]) =>
  Object.values(files(environment, "dashboards")).map((text) => JSON.parse(text) as DashboardJson);
const nameOf = ({ title }: DashboardJson) => title.replace(/ \(\w+\)$/, "");

// The rules are production's, so what is recorded of services that do not run there is not to be had.
const inProduction = new Set(read("prod").map(nameOf));

/** Services that count by native histograms, which the history does not write: it holds floats alone. */
const native = services
  .filter((service) => slosOf(service, "prod").some(({ name }) => examplesOf(service, name, "prod")?.native))
  .map(({ name }) => `Service ${name}`);

const boards = ENVIRONMENTS.flatMap(read).filter(
  (board) => inProduction.has(nameOf(board)) && !native.includes(nameOf(board)),
);
const distinct = new Map(
  boards.flatMap((board) =>
    panelsOf(board).map((panel) => [
      JSON.stringify([board.title.replace(/ \(\w+\)$/, ""), panel.title, panel.targets]),
      panel,
    ]),
  ),
);

describe("the queries of all dashboards", () => {
  const all = [...distinct.values()];

  it("are a hundred and more, and leave out one service that is named", () => {
    expect(all.length).toBeGreaterThan(150);
    expect(native).toEqual(["Service pricing"]);
  });

  it("evaluate in the real Prometheus, and every panel but those that are named has data there", async () => {
    const empty: (string | undefined)[] = [];
    for (const panel of all) if (!(await hasData(panel))) empty.push(panel.title);
    expect(empty).toEqual(Object.keys(EMPTY));
  });
});

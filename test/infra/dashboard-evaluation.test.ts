import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DashboardJson, PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { panelsOf } from "../../components/grafana/lint/check.ts";
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

const boards = ENVIRONMENTS.flatMap((environment) =>
  Object.values(files(environment, "dashboards")).map((text) => JSON.parse(text) as DashboardJson),
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

  it("are a hundred and more", () => {
    expect(all.length).toBeGreaterThan(150);
  });

  it("evaluate in the real Prometheus, and every panel but those that are named has data there", async () => {
    const empty: (string | undefined)[] = [];
    for (const panel of all) if (!(await hasData(panel))) empty.push(panel.title);
    expect(empty).toEqual(Object.keys(EMPTY));
  });
});

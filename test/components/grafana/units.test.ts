import { describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import { asSent, panelsOf } from "../../../components/grafana/lint/check.ts";
import { parseQuery } from "../../../components/promql/parse.ts";
import { slosOf } from "../../../components/service/model.ts";
import { panelId } from "../../../components/signals/panels.ts";
import { sloPanel } from "../../../components/slo/panels.ts";
import { KINDS_OF_SERVICES } from "../../recording/kinds.ts";
import { grafanaUnit, quantityOf } from "./quantity.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";

/** Panels whose unit does not follow from their query, by their keys, and why. `-burn` is the key of each objective's burn rates. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "node-load": "processes that run or wait, and not a part of the cores",
  "-burn": "an error ratio divided by the number that the objective allows",
  "time-paging": "evaluations of 300 s, divided by the seconds of the range",
  "how-long-and-how-often": "samples of 30 s",
  "team-samples": "samples of five minutes, divided by 300 s",
  "team-disk": "samples of 2 bytes each",
};

const BURN_PANELS = new Set(
  KINDS_OF_SERVICES.flatMap((service) => slosOf(service, "prod")).map((slo) =>
    panelId(sloPanel(slo, "burn").panel),
  ),
);

function exceptionFor(id: number): string | undefined {
  if (BURN_PANELS.has(id)) return "-burn";
  return Object.keys(OTHERWISE).find((key) => panelId(key) === id);
}

const panels = dashboardsIn(
  renderContent({ ...CONTENT, settings: IN_CLUSTER, services: KINDS_OF_SERVICES }),
).flatMap(({ name, json }) => panelsOf(json).map((panel) => ({ name, panel })));

/** The queries that the panel's unit is of: columns of a table have their own, from the second query on. */
function derivedUnits({ type, targets }: (typeof panels)[number]["panel"]): readonly string[] {
  const queries = type === "table" ? targets.slice(0, 1) : targets;
  return queries.map(({ expr }) => {
    const quantity = quantityOf(parseQuery(asSent(expr)));
    return quantity === undefined ? "none" : grafanaUnit(quantity);
  });
}

/** Packets and requests per second are events per second to a query. */
const SAME: Readonly<Record<string, string>> = { pps: "cps", reqps: "cps" };

describe("the unit of a panel", () => {
  const wrong = panels.flatMap(({ name, panel }) => {
    const unit = panel.fieldConfig.defaults.unit ?? "none";
    const derived = derivedUnits(panel);
    return derived.every((one) => one === (SAME[unit] ?? unit))
      ? []
      : [{ exception: exceptionFor(panel.id), name, title: panel.title, unit, derived }];
  });

  it("follows from the metrics and operators of its queries, but for exceptions with a reason", () => {
    expect(panels.length).toBeGreaterThan(300);
    expect(wrong.filter(({ exception }) => exception === undefined)).toEqual([]);
  });

  it("needs each of the exceptions", () => {
    expect(Object.keys(OTHERWISE).filter((key) => !wrong.some(({ exception }) => exception === key))).toEqual(
      [],
    );
  });
});

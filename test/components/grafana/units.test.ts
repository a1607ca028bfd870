import { describe, expect, it } from "vitest";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import { asSent, panelsOf } from "../../../components/grafana/lint/check.ts";
import { parseQuery } from "../../../components/promql/parse.ts";
import { KINDS_OF_SERVICES } from "../../recording/kinds.ts";
import { grafanaUnit, quantityOf } from "./quantity.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";

/** Panels whose unit does not follow from their query, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  "Load average (5 min) per core short": "processes that run or wait, and not a part of the cores",
  "Burn rates short": "an error ratio divided by the number that the objective allows",
  "Time with a firing critical alert percentunit":
    "evaluations of 300 s, divided by the seconds of the range",
  "Alert duration and frequency s": "samples of 30 s",
  "Samples ingested by team cps": "samples of five minutes, divided by 300 s",
  "Disk space per day of samples, by team bytes": "samples of 2 bytes each",
};

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
      : [{ key: `${panel.title} ${unit}`, name, derived }];
  });

  it("follows from the metrics and operators of its queries, but for exceptions with a reason", () => {
    expect(panels.length).toBeGreaterThan(300);
    expect(wrong.filter(({ key }) => !(key in OTHERWISE))).toEqual([]);
  });

  it("needs each of the exceptions", () => {
    expect(Object.keys(OTHERWISE).filter((key) => !wrong.some((one) => one.key === key))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { PromtoolTestFile } from "../../components/core/promtool.ts";
import { ENVIRONMENTS, files } from "./previews.ts";

// promtool compares these texts letter by letter with what Prometheus renders, so what holds of them holds of the pages that people get.
describe.each(ENVIRONMENTS)("every firing case of %s", (environment) => {
  const firing = Object.values(files(environment, "prometheus/tests")).flatMap((text) =>
    (parse(text) as PromtoolTestFile).tests.flatMap(({ name, alert_rule_test = [] }) =>
      alert_rule_test.flatMap(({ exp_alerts }) => exp_alerts.map((alert) => ({ name, alert }))),
    ),
  );

  it("renders annotations without an empty label or a gap", () => {
    expect(firing.length).toBeGreaterThan(60);
    for (const { name, alert } of firing) {
      const annotations = Object.entries(alert.exp_annotations);
      expect(annotations.length, name).toBeGreaterThanOrEqual(3);
      for (const [annotation, text] of annotations) {
        expect(text, `${name}, ${annotation}`).not.toMatch(
          /<no value>|\{\{|\}\}|undefined|NaN| {2}|\(\)| [.,:;]/,
        );
        expect(text.trim(), `${name}, ${annotation}`).not.toBe("");
      }
    }
  });

  it("carries no label without a value", () => {
    for (const { name, alert } of firing)
      for (const [label, value] of Object.entries(alert.exp_labels))
        expect(value, `${name}, ${label}`).not.toBe("");
  });
});

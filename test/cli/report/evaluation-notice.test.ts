import { expect, it } from "vitest";
import { noticesOf } from "../../../cli/report/notices.ts";
import { prometheusSettings } from "../../../components/prometheus/model.ts";
import { environmentOf } from "../../e2e/environment.ts";

it("a report says where rules are evaluated, if it is not Prometheus", async () => {
  const prod = await environmentOf("prod");
  const inStore = { ...prod, prometheus: { ...prod.prometheus, rules: "store" as const } };
  const evaluation = /^The long-term storage evaluates the rules/;
  expect(noticesOf(inStore, {}).filter((notice) => evaluation.test(notice))).toHaveLength(1);
  expect(noticesOf(prod, {}).filter((notice) => evaluation.test(notice))).toEqual([]);
  const store = { kind: "thanos", bucket: { kind: "created" } };
  const byThanos = { ...prod, prometheus: prometheusSettings.parse({ ...inStore.prometheus, store }) };
  expect(
    noticesOf(byThanos, {}).filter((notice) => /^Thanos Ruler evaluates the rules/.test(notice)),
  ).toHaveLength(1);
});

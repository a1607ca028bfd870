import { describe, expect, it } from "vitest";
import { AMP_LIMITS } from "../../../components/stored-rules/limits.ts";
import { quotaProblems } from "../../../components/stored-rules/quotas.ts";
import { renderStoredFiles } from "../../../components/stored-rules/render.ts";
import { storedRuleGroups } from "../../../infra/stored-rules.ts";
import { services } from "../../../stacks/services/index.ts";
import { environmentOf } from "../../e2e/environment.ts";

const prod = await environmentOf("prod");
const { alertmanager } = prod;
const groups = storedRuleGroups({ ...prod, prometheus: { ...prod.prometheus, rules: "store" } }, services);
const args = {
  origin: { cluster: "prod", environment: "prod" },
  scrapeInterval: "30s" as const,
  rulesInGroup: AMP_LIMITS.rulesInGroup,
};
const files = renderStoredFiles(groups, args);
const found = (limits = {}, of = files) =>
  quotaProblems(of, alertmanager, { ...AMP_LIMITS, ...limits }, "environment.prometheus").map(
    (each) => each.found,
  );

describe("the quotas of a store", () => {
  it("hold prod", () => {
    expect(found()).toEqual([]);
  });

  it("are each named with the count, all at once", () => {
    const count = Object.values(files).flatMap((file) => file.groups).length;
    const [bytes] = Object.values(files).map(({ text }) => Buffer.byteLength(text));
    const all = found({
      groups: 3,
      namespaces: 1,
      fileBytes: 1000,
      inhibitions: 1,
      routes: 2,
      repeatSeconds: 60,
      queryDays: 1,
    });
    expect(all).toContain(`store, with ${count} rule groups`);
    expect(all).toContain("store, with 2 namespaces of rules");
    expect(all).toContain(`store, with ${bytes} bytes of rules in the namespace platform`);
    expect(all.some((text) => /^store, with \d+ inhibition rules$/.test(text))).toBe(true);
    expect(all.some((text) => /^store, with \d+ routes$/.test(text))).toBe(true);
    expect(all.some((text) => text.startsWith("store, with a notification that is repeated after"))).toBe(
      true,
    );
    expect(all.some((text) => text.includes("queries a range of"))).toBe(true);
  });

  it("refuse a range of more days than a query may span", () => {
    const long = { own: [{ name: "own", rules: [{ record: "a:b:c", expr: "max_over_time(up[33d])" }] }] };
    expect(found({}, renderStoredFiles(long, args))).toEqual([
      "store, and a:b:c of the group own queries a range of 33d",
    ]);
  });
});

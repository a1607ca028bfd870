import { describe, expect, it } from "vitest";
import { driftReview } from "../../../../cli/review/engine/drift.ts";
import { readPlan } from "../../../../cli/review/engine/plan.ts";

// The form of `pulumi refresh --preview-only --json` of Pulumi 3.250. test/e2e/drift.test.ts reads what the engine itself prints.

const urn = (type: string, name: string) => `urn:pulumi:prod::bellwether::${type}::${name}`;
const MONITOR = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor";
const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

function step(op: string, type: string, name: string, before: object, after?: object) {
  const state = (inputs: object) => ({ urn: urn(type, name), custom: true, type, inputs });
  return {
    op,
    urn: urn(type, name),
    oldState: state(before),
    ...(after === undefined ? {} : { newState: state(after) }),
  };
}

const review = (...steps: object[]) =>
  driftReview(readPlan(JSON.stringify({ steps }), "drift.json", "pulumi refresh --preview-only --json"));

describe("the drift of a stack", () => {
  it("is a review with the fields that differ, from what was deployed to what exists", () => {
    const spec = (interval: string) => ({ spec: { endpoints: [{ port: "http", interval }] } });
    const { changes, environments } = review(
      step("refresh", MONITOR, "same", spec("30s"), spec("30s")),
      step("update", MONITOR, "storefront", spec("30s"), spec("7m")),
    );
    expect(environments).toEqual([{ name: "prod", state: "compared", problem: null }]);
    expect(changes.map(({ about, what }) => [about, what])).toEqual([
      [["ServiceMonitor storefront"], "spec.endpoints[0].interval 30s → 7m"],
    ]);
  });

  it("has a rule that somebody changed", () => {
    const groups = (expr: string) => ({ spec: { groups: [{ name: "g", rules: [{ alert: "A", expr }] }] } });
    const { changes } = review(step("update", RULE, "rules", groups("up == 0"), groups("up == 2")));
    expect(changes[0]?.what).toBe("spec.groups[g].rules[A].expr up == 0 → up == 2");
  });

  it("has a secret that somebody changed, without its value", () => {
    const type = "kubernetes:core/v1:Secret";
    const hidden = { stringData: "[secret]" };
    const changed = { ...step("update", type, "config", hidden, hidden), diffReasons: ["stringData"] };
    const { changes } = review(changed);
    expect(changes.map(({ about, what }) => [about, what])).toEqual([
      [["Secret config"], "stringData changes; the engine does not show it, because it is secret"],
    ]);
  });

  it("shows no value whose name says that it is secret, and that it is another", () => {
    const type = "kubernetes:apps/v1:Deployment";
    const spec = (value: string) => ({ spec: { env: [{ name: "API_TOKEN", value }] } });
    const { changes } = review(step("update", type, "app", spec("bluetulip77"), spec("redclover81")));
    expect(changes.map(({ what }) => what)).toEqual([
      "spec.env[API_TOKEN].value [secret before] → [new secret]",
    ]);
  });

  it("says nothing of what a deployment would do", () => {
    const type = "aws:ec2/natGateway:NatGateway";
    const { changes } = review(step("update", type, "nat", { subnetId: "a" }, { subnetId: "b" }));
    expect(changes.map(({ kind, what }) => [kind, what])).toEqual([["resource-updated", "subnetId a → b"]]);
  });

  it("has what does not exist any more", () => {
    const { changes } = review(step("delete", MONITOR, "storefront", {}));
    expect(changes.map(({ kind, about }) => [kind, about])).toEqual([
      ["resource-deleted", ["ServiceMonitor storefront"]],
    ]);
  });

  it("is one line if nothing differs", () => {
    expect(review(step("refresh", MONITOR, "same", {}, {})).changes).toEqual([]);
  });

  it.each(["", "{", "[]", '{"steps":[]}', '{"steps":[{"op":"update"}]}'])("is not read from %j", (text) => {
    expect(() => readPlan(text, "drift.json", "pulumi refresh --preview-only --json")).toThrow(
      /pulumi refresh --preview-only --json/,
    );
  });

  it("is not read from a command that failed, since what it did not reach would be no drift", () => {
    const steps = [step("refresh", MONITOR, "same", {}, {})];
    const said = (severity: string) =>
      JSON.stringify({ steps, diagnostics: [{ message: "cannot reach the cluster", severity }] });
    const read = (text: string) => () => readPlan(text, "drift.json", "pulumi refresh --preview-only --json");
    expect(read(said("error"))).toThrow(/a command that failed/);
    expect(read(said("warning"))).not.toThrow();
  });
});

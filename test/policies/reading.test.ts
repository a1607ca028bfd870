import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { parseRouting } from "../../policies/rules/alerting/routing.ts";
import { isEmpty, selects } from "../../policies/rules/selector.ts";
import { NotYetKnown, UNKNOWN, UNKNOWN_VALUES, Value } from "../../policies/rules/value.ts";
import { judge, judgeEach } from "../../policies/rules/violation.ts";
import { isPinned } from "../../policies/rules/workloads/pinned-image.ts";
import { ALERTMANAGER_YAML } from "./compliant-stack/alerting.ts";

describe("a value", () => {
  it("takes for unknown exactly what @pulumi/policy does", () => {
    const proxy = createRequire(import.meta.url)("@pulumi/policy/proxy") as Record<string, unknown>;
    const theirs = Object.entries(proxy).filter(([name]) => /^unknown\w+Value$/.test(name));
    expect(new Set(theirs.map(([, sentinel]) => sentinel))).toEqual(UNKNOWN_VALUES);
  });

  it("exists while it is unknown, and says where it stands when it is read", () => {
    const value = new Value({ spec: { list: [{ image: UNKNOWN }] } }).at("spec", "list", 0, "image");
    expect([value.exists, value.known]).toEqual([true, false]);
    for (const read of [
      () => value.text(),
      () => value.number(),
      () => value.items(),
      () => value.fields(),
      () => value.is("x"),
      () => value.at("below"),
      () => value.equals(new Value("x")),
    ])
      expect(read).toThrow(new NotYetKnown("spec.list[0].image"));
  });

  it("is missing below whatever is missing", () => {
    const value = new Value({ spec: null }).at("spec", "template", "spec");
    expect([value.exists, value.text(), value.items(), value.fields()]).toEqual([false, undefined, [], []]);
  });

  it("equals another with its fields in another order", () => {
    const a = new Value({ a: 1, b: [{ c: true, d: null }] });
    expect(a.equals(new Value({ b: [{ d: null, c: true }], a: 1 }))).toBe(true);
    expect(a.equals(new Value({ a: "1", b: [{ c: true, d: null }] }))).toBe(false);
  });
});

describe("judging", () => {
  it("leaves undecided what is unknown and judges its neighbours", () => {
    const list = new Value([UNKNOWN, "bad", "good"]).items();
    expect(judgeEach(list, (item) => (item.is("bad") ? "it is bad" : undefined))).toEqual([
      { what: "[0] is known only after deployment", undecided: true },
      { what: "it is bad" },
    ]);
  });

  it("lets a mistake of our own through", () => {
    expect(() =>
      judge(() => {
        throw new TypeError("a defect");
      }),
    ).toThrow("a defect");
  });
});

describe("a selector", () => {
  const labels = { app: "web", tier: "front" };
  it.each([
    [{}, true],
    [{ matchLabels: { app: "web" } }, true],
    [{ matchLabels: { app: "web", zone: "a" } }, false],
    [{ matchExpressions: [{ key: "app", operator: "In", values: ["db", "web"] }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
    [{ matchExpressions: [{ key: "tier", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }, false],
    [{ matchLabels: { app: "web" }, matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
  ])("%j takes the labels: %s", (selector, taken) => {
    expect(selects(new Value(selector), labels)).toBe(taken);
  });

  it("is empty when it names nothing", () => {
    expect([{}, { matchLabels: {} }, { matchExpressions: [] }].map((raw) => isEmpty(new Value(raw)))).toEqual(
      [true, true, true],
    );
    expect(isEmpty(new Value({ matchLabels: { app: "web" } }))).toBe(false);
  });
});

describe("routing", () => {
  const { destinations, receivers } = parseRouting(ALERTMANAGER_YAML);
  const names = (labels: Record<string, string>) => destinations(labels).map(({ receiver }) => receiver);

  it("goes on after a route that says so, and stops after one that does not", () => {
    expect(names({ team: "platform", severity: "critical" })).toEqual(["pager", "tickets"]);
    expect(names({ team: "platform", severity: "warning" })).toEqual(["tickets"]);
    expect(names({ alertname: "Watchdog", severity: "none" })).toEqual(["heartbeat"]);
  });

  it("ends at the root where nothing matches, also below a route that names no receiver", () => {
    expect(destinations({ team: "nobody" })).toMatchObject([{ receiver: "fallback", depth: 0 }]);
    expect(destinations({ team: "platform", severity: "other" })).toMatchObject([
      { receiver: "fallback", depth: 0 },
    ]);
  });

  it("knows who notifies and who does not", () => {
    expect([receivers.get("pager"), receivers.get("nobody"), receivers.get("gone")]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it.each([
    ['severity="critical"', true],
    ["severity=critical", true],
    ['"severity" = "critical"', true],
    ['severity!="critical"', false],
    ['severity=~"crit.*"', true],
    ['severity=~"crit"', false],
    ['severity!~"warning|info"', true],
    ['team=""', true],
    ["severity", false],
    ['severity=~"("', false],
  ])("the matcher %s takes a critical alert: %s", (matcher, taken) => {
    const yaml = JSON.stringify({
      route: { receiver: "root", routes: [{ receiver: "own", matchers: [matcher] }] },
      receivers: [],
    });
    expect(parseRouting(yaml).destinations({ severity: "critical" })[0]?.receiver).toBe(
      taken ? "own" : "root",
    );
  });

  it("of a text that is no YAML leads nowhere", () => {
    expect(parseRouting("route: [").destinations({ severity: "critical" })).toEqual([]);
  });
});

describe("a pinned image", () => {
  it.each([
    ["quay.io/prometheus/prometheus:v3.13.1", true],
    ["grafana/grafana:12.1", true],
    [`example/app@sha256:${"a".repeat(64)}`, true],
    ["registry:5000/app:1.2.3-alpine", true],
    ["example/app:0123456789abcdef", true],
    ["example/app", false],
    ["registry:5000/app", false],
    ["example/app:latest", false],
    ["example/app:stable", false],
    ["example/app:v1", false],
    ["example/app@sha256:abc", false],
  ])("%s: %s", (image, pinned) => {
    expect(isPinned(image)).toBe(pinned);
  });
});

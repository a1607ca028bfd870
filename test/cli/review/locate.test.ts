import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { GroupedChange } from "../../../cli/review/change.ts";
import { linesOf } from "../../../cli/review/changed-lines.ts";
import { locator, waiverLocator } from "../../../cli/review/locate.ts";

const root = mkdtempSync(join(tmpdir(), "bellwether-locate-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(join(root, "stacks/services"), { recursive: true });
writeFileSync(
  join(root, "stacks/Pulumi.prod.yaml"),
  "config:\n  bellwether:environment:\n    name: prod\n    prometheus:\n      retention: 30d\n      volume: 200Gi\n",
);
writeFileSync(join(root, "stacks/services/shop.ts"), 'one\nname: "pricing"\nthree\n');

writeFileSync(
  join(root, "stacks/waivers.yaml"),
  `waivers:
  - {policy: no-ssh, resource: other, environments: [prod], owner: shop, expires: 2026-12-01}
  - {policy: no-ssh, resource: nodes-*, environments: [dev], owner: shop, expires: 2026-12-01}
  - {policy: no-ssh, resource: "*::nodes-*", environments: [prod], owner: shop, expires: 2026-12-02}
snoozes:
  - {check: rate-window, rule: Slow, owner: shop, expires: 2026-12-03}
`,
);

const DIFF = `diff --git a/stacks/tiers.ts b/stacks/tiers.ts
index 1..2 100644
--- a/stacks/tiers.ts
+++ b/stacks/tiers.ts
@@ -12 +12 @@ export
-  retention: "30d",
+  retention: "21d",
@@ -40,2 +39,0 @@ export
---- gone
-+++ b/not-a-file.ts
diff --git a/docs/page.md b/docs/page.md
--- a/docs/page.md
+++ b/docs/page.md
@@ -1 +1 @@
-retention: "30d"
+retention: "21d"
diff --git a/stacks/old.ts b/stacks/old.ts
deleted file mode 100644
--- a/stacks/old.ts
+++ /dev/null
@@ -1 +0,0 @@
-retention
diff --git a/components/signals/node signals.ts b/components/signals/node signals.ts
--- a/components/signals/node signals.ts\t
+++ b/components/signals/node signals.ts\t
@@ -7,0 +8,3 @@
+  title: "Load average",
+  unit: "percentunit",
+}
`;

function change(changed: Partial<GroupedChange>): GroupedChange {
  return {
    kind: "setting-changed",
    abouts: ["x"],
    what: "y",
    environments: ["prod"],
    details: [],
    panels: [],
    ...changed,
  };
}

const setting = (path: string, what: string) => change({ abouts: [path], what, cause: { setting: path } });

describe("the lines of a diff", () => {
  it("are those of source files, as they are now", () => {
    expect(linesOf(DIFF)).toEqual([
      { file: "stacks/tiers.ts", line: 12, count: 1, text: '  retention: "30d",\n  retention: "21d",' },
      { file: "stacks/tiers.ts", line: 39, count: 0, text: "--- gone\n+++ b/not-a-file.ts" },
      {
        file: "components/signals/node signals.ts",
        line: 8,
        count: 3,
        text: '  title: "Load average",\n  unit: "percentunit",\n}',
      },
    ]);
    expect(linesOf("")).toEqual([]);
  });
});

describe("the place of a change", () => {
  const locate = (each: GroupedChange, diff = "") => locator(root, join(root, "stacks"), linesOf(diff))(each);
  const STACK = "stacks/Pulumi.prod.yaml";

  it("is the line of its setting or service, if git says nothing", () => {
    expect(locate(setting("prometheus.retention", "30d → 21d"))).toEqual({ file: STACK, line: 5 });
    expect(locate(change({ cause: { service: "pricing" } }))).toEqual({
      file: "stacks/services/shop.ts",
      line: 2,
    });
  });

  it("stays there if that line was changed", () => {
    const diff = `diff --git a/${STACK} b/${STACK}\n+++ b/${STACK}\n@@ -5 +5 @@\n-      retention: 31d\n+      retention: 30d\n${DIFF}`;
    expect(locate(setting("prometheus.retention", "31d → 30d"), diff)).toEqual({ file: STACK, line: 5 });
  });

  it("is the changed line that has its words, in a default of a tier and in the source of a panel", () => {
    expect(locate(setting("prometheus.retention", "30d → 21d"), DIFF)).toEqual({
      file: "stacks/tiers.ts",
      line: 12,
    });
    const panel = change({
      abouts: ["The panel Load average of the dashboard Nodes"],
      what: "unit short → percentunit",
    });
    expect(locate(panel, DIFF)).toEqual({ file: "components/signals/node signals.ts", line: 8 });
  });

  it("is the first line that was changed, if none has its words", () => {
    expect(locate(setting("alertmanager.replicas", "2 → 3"), DIFF)).toEqual({
      file: "stacks/tiers.ts",
      line: 12,
    });
  });
});

describe("the place of what a waiver is about", () => {
  const FILE = "stacks/waivers.yaml";

  it("is the line of the waiver that covers the resource in its environment", () => {
    const waived = { policy: "no-ssh", urn: "urn:pulumi:prod::bellwether::a:b:C::nodes-a" };
    const locate = locator(root, join(root, "stacks"));
    expect(locate(change({ cause: { waived } }))).toEqual({ file: FILE, line: 4 });
    // Without such a waiver it is a finding of the environment.
    const other = { ...waived, urn: "urn:pulumi:prod::bellwether::a:b:C::subnet" };
    expect(locate(change({ cause: { waived: other } }))).toEqual({
      file: "stacks/Pulumi.prod.yaml",
      line: 3,
    });
  });

  it("is the line of the waiver or snooze that somebody must do something about", () => {
    const find = waiverLocator(root, join(root, "stacks"));
    const reminder = {
      policy: "no-ssh",
      resource: "x",
      environment: "prod",
      owner: "shop",
      task: "ends",
    } as const;
    expect(find({ ...reminder, expires: "2026-12-02" })).toEqual({ file: FILE, line: 4 });
    expect(find({ ...reminder, environment: "dev", expires: "2026-12-01" })).toEqual({ file: FILE, line: 3 });
    expect(find({ ...reminder, policy: "rule-lint", expires: "2026-12-03" })).toEqual({
      file: FILE,
      line: 6,
    });
    expect(find({ ...reminder, expires: "2026-12-31" })).toBeNull();
    expect(waiverLocator(root, root)({ ...reminder, expires: "2026-12-02" })).toBeNull();
  });
});

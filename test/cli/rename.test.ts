import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { installedClone } from "../docs/clone.ts";
import { run } from "../support/process.ts";

describe("bellwether rename", () => {
  const clone = installedClone();
  const file = join(clone.folder, "stacks/services/shop.ts");
  const original = readFileSync(file, "utf8");
  beforeEach(() => writeFileSync(file, original));
  afterAll(clone.remove);

  const rename = (...line: string[]) =>
    run("npx", ["bellwether", "rename", ...line, "--no-preview"], { cwd: clone.folder });

  it("changes the name and keeps every former one, the newest first", async () => {
    expect((await rename("storefront", "webshop")).code).toBe(0);
    expect((await rename("webshop", "bookshop")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(
      original.replace(
        '  name: "storefront",\n',
        '  name: "bookshop",\n  formerly: ["webshop", "storefront"],\n',
      ),
    );
  });

  it("may take a name back, which is then no former one", async () => {
    await rename("storefront", "webshop");
    expect((await rename("webshop", "storefront")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toContain('  name: "storefront",\n  formerly: ["webshop"],\n');
  });

  it("names the queries that still say the old name", async () => {
    const query = `  alerts: { Stuck: { expr: 'up{job="storefront"} < 1', for: "5m", severity: "info", summary: "It is stuck" } },\n`;
    writeFileSync(
      file,
      original.replace('  name: "storefront",\n', (line) => line + query),
    );
    const { code, stdout, stderr } = await rename("storefront", "webshop");
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`alerts.Stuck.expr: "up{job=\\"storefront\\"} < 1"`);
  });

  it("refuses a name that is taken or none, and a definition that does not write it out, and changes nothing", async () => {
    const taken = await rename("storefront", "invoices");
    expect(taken.code).toBe(2);
    expect(taken.stderr).toMatch(/a name that no other service has/);
    expect((await rename("storefront", "Web_Shop")).stderr).toMatch(/1 to 40 lower-case letters/);
    expect((await rename("storefront", "storefront")).stderr).toMatch(/allowed +another name/);
    expect(readFileSync(file, "utf8")).toBe(original);

    const computed = original.replace('name: "storefront"', 'name: ["store", "front"].join("")');
    writeFileSync(file, computed);
    const { code, stderr } = await rename("storefront", "webshop");
    expect(code).toBe(2);
    expect(stderr).toContain('write name: "webshop" and formerly: ["storefront"] there');
    expect(readFileSync(file, "utf8")).toBe(computed);
  });
});

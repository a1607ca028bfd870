import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedClone } from "../clone.ts";
import { follow, howTo, printed, type Ran } from "../page.ts";

describe("docs/how-to/add-a-service.md, followed in a clone", () => {
  const clone = installedClone();
  let ran: readonly Ran[];
  const file = (path: string) => readFileSync(join(clone.folder, path), "utf8");

  beforeAll(async () => {
    ran = await follow(howTo("add-a-service"), clone.folder);
  });
  afterAll(clone.remove);

  it("writes a definition of each kind with what its flags set", () => {
    printed(ran, "new-service");
    const written = file("stacks/services/shop.ts").replaceAll(/\s+/g, " ");
    expect(written).toContain(
      'batch: { cronJob: "nightly-export" }, objectives: { freshness: { maxAge: "26h" }, }',
    );
    expect(written).toContain(
      'probe: { targets: ["https://status.example.com/"], }, objectives: { latency: { threshold: "2s" }, }',
    );
    expect(written).toContain(
      'metrics: { total: "mails_total", failed: "mails_failed_total" }, backlog: "mails_waiting"',
    );
    expect(file("stacks/services/index.ts")).toMatch(/nightlyExport.*statusPage|statusPage.*nightlyExport/s);
  });

  it("ends with a preview that has a rule file for each objective", () => {
    expect(printed(ran, "bellwether preview dev")).toMatch(/^Result +ready$/m);
    for (const objective of [
      "nightly-export.freshness",
      "status-page.probes",
      "status-page.latency",
      "mailer.success",
      "mailer.backlog",
    ])
      expect(
        existsSync(join(clone.folder, `out/dev/prometheus/rules/service-${objective}.yaml`)),
        objective,
      ).toBe(true);
  });
});

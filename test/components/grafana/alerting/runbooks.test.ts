import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GRAFANA_ALERTS } from "../../../../components/grafana/alerting/catalogue/index.ts";
import {
  grafanaRunbookFacts,
  grafanaRunbookIndex,
  grafanaRunbookProof,
} from "../../../../components/grafana/alerting/documentation.ts";
import { checkRules } from "../../alerts/promtool.ts";

const FOLDER = new URL("../../../../docs/runbooks/", import.meta.url);
const page = (name: string) => readFileSync(new URL(`${name}.md`, FOLDER), "utf8");

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code = ""]) =>
    code.trim(),
  );
}

describe.for(GRAFANA_ALERTS)("the runbook of $name", (alert) => {
  it("says what the catalogue says, and helps", () => {
    const text = page(alert.name);
    expect(text).toContain(grafanaRunbookFacts(alert));
    expect(text).toContain(`## Impact\n\n${alert.impact}\n`);
    expect(text).toContain(grafanaRunbookProof(alert));
    expect(blocks(text, "promql").length).toBeGreaterThan(0);
    expect(blocks(text, "sh").join("\n")).toMatch(/kubectl|aws /);
    for (const heading of ["Mitigation", "When to tune"]) expect(text).toContain(`## ${heading}\n\n`);
  });

  it("leads only to pages that exist", () => {
    for (const [, target = ""] of page(alert.name).matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(new URL(target, FOLDER)), target).toBe(true);
  });
});

describe("these runbooks together", () => {
  it("have queries that Prometheus accepts, and stand in the index", { timeout: 300_000 }, async () => {
    const rules = GRAFANA_ALERTS.flatMap(({ name }) =>
      blocks(page(name), "promql").map((expr, index) => ({ record: `runbook:${name}:${index}`, expr })),
    );
    const { code, stdout, stderr } = await checkRules({ queries: { groups: [{ name: "runbooks", rules }] } });
    expect(code, stdout + stderr).toBe(0);
    expect(page("README")).toContain(grafanaRunbookIndex());
  });
});

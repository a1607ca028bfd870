import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import { runbookFacts, runbookIndex, runbookProof } from "../../../components/alerts/runbooks.ts";
import { checkRules } from "./promtool.ts";

const FOLDER = new URL("../../../docs/runbooks/", import.meta.url);
const FILES = readdirSync(FOLDER);

function page(name: string): string {
  return readFileSync(new URL(`${name}.md`, FOLDER), "utf8");
}

function section(text: string, heading: string): string {
  return (
    text
      .split(/^## /m)
      .find((part) => part.startsWith(`${heading}\n`))
      ?.slice(heading.length + 1)
      .trim() ?? ""
  );
}

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code = ""]) =>
    code.trim(),
  );
}

describe.for(CATALOGUE)("the runbook of $name", (alert) => {
  it("is there, under the alert's name", () => {
    expect(FILES).toContain(`${alert.name}.md`);
    expect(page(alert.name)).toMatch(new RegExp(`^# ${alert.name}\n\n(?:[A-Z]|kube-state-metrics )`));
  });

  it("says what the catalogue says: numbers, impact, proof", () => {
    const text = page(alert.name);
    expect(text).toContain(runbookFacts(alert));
    expect(section(text, "Impact")).toBe(alert.impact);
    expect(section(text, "How it was tested")).toBe(runbookProof(alert));
  });

  it("helps: what to look at, what to do, when to tune", () => {
    const text = page(alert.name);
    const diagnosis = section(text, "Diagnosis");
    expect(blocks(diagnosis, "promql").length).toBeGreaterThan(0);
    expect(blocks(diagnosis, "sh").join("\n")).toMatch(/kubectl|aws /);
    expect(section(text, "Mitigation").length).toBeGreaterThan(80);
    expect(section(text, "When to tune").length).toBeGreaterThan(8);
  });

  it("names the parameters that there are", () => {
    const tuning = section(page(alert.name), "When to tune");
    if (alert.threshold) expect(tuning).toContain("threshold");
    else expect(tuning).not.toMatch(/^`threshold`/);
    if (!alert.fixed && !alert.threshold) expect(tuning).toContain("`for`");
  });

  it("leads only to pages that exist", () => {
    for (const [, target = ""] of page(alert.name).matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(new URL(target, FOLDER)), target).toBe(true);
  });
});

describe("the runbooks together", () => {
  it("have queries that Prometheus accepts", { timeout: 300_000 }, async () => {
    const rules = CATALOGUE.flatMap(({ name }) =>
      blocks(page(name), "promql").map((expr, index) => ({ record: `runbook:${name}:${index}`, expr })),
    );
    expect(rules.length).toBeGreaterThan(CATALOGUE.length);
    const { code, stdout, stderr } = await checkRules({ queries: { groups: [{ name: "runbooks", rules }] } });
    expect(code, stdout + stderr).toBe(0);
  });

  it("are listed in the index as the catalogue has them", () => {
    expect(page("README")).toContain(runbookIndex());
  });
});

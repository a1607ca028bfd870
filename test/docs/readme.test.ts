import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";

// What the README shows and claims is what is rendered, measured or linked.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(join(ROOT, "README.md"), "utf8");

/** The cells of the rows of the first table after a heading, without its head. */
function tableAfter(text: string, heading: string): readonly (readonly string[])[] {
  const [, section = ""] = text.split(`## ${heading}\n`);
  const [, rows = ""] = /^\|[-| ]+\|\n((?:\|.*\n)+)/m.exec(section) ?? [];
  return rows
    .trimEnd()
    .split("\n")
    .map((row) =>
      row
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
}

describe("the README's alert", () => {
  // npm run generate writes it, and the test of generated files compares it with what is rendered.
  it("says what fails, how much error budget is left and where to look", () => {
    const [, shown = ""] = /```text\n(.*?)```/s.exec(readme) ?? [];
    const names = shown.split("\n").map((line) => line.split(" ")[0]);
    expect(names).toEqual(
      expect.arrayContaining([
        "SLOErrorBudgetBurnFast",
        "summary",
        "description",
        "runbook_url",
        "dashboard_url",
      ]),
    );
    expect(shown).toMatch(/^summary +storefront fails [0-9.]+% of its requests/m);
    expect(shown).not.toContain("{{");
  });
});

describe("the README's comparison with Sloth", () => {
  const rules = readFileSync(join(ROOT, "docs/slo-rules.md"), "utf8");
  const rows = new Map(
    tableAfter(readme, "Compared with Sloth").map(([what = "", ...cells]) => [what, cells]),
  );

  it.each(["10", "1,000"])("has the samples of docs/slo-rules.md for %s series", (series) => {
    const [ours, sloth] = tableAfter(rules, "Cost").filter(([first]) => first === series);
    expect(rows.get(`samples read in 30 seconds, ${series} series`)).toEqual([
      ours?.[2]?.replace(/ \(.*/, ""),
      sloth?.[2],
    ]);
  });

  it("has the duration of an evaluation", () => {
    const [ours, sloth] = tableAfter(rules, "Cost").filter(([first]) => first === "1,000");
    expect(rows.get("evaluation, 1,000 series")).toEqual([ours?.[4]?.replace(/ \(.*/, ""), sloth?.[4]]);
  });

  it.each([
    ["every request fails", "time until a page if every request fails"],
    ["one request in a hundred fails", "time until a page if one request in a hundred fails"],
  ])("has the measured detection time if %s", (outage, row) => {
    const times = tableAfter(rules, "Detection times").find(([first]) => first === outage);
    expect(rows.get(row)).toEqual(times?.slice(-2));
  });

  it("has the cost of generating the rules", () => {
    const [, ours, memory, sloth, slothMemory] =
      /from one file in Sloth's format in (\S+ s) with (\S+ MiB) .*?\nwhich takes (\S+ s) and (\S+ MiB);/.exec(
        rules,
      ) ?? [];
    expect(rows.get("generation of the rules of 1,000 objectives")).toEqual([
      `${ours}, ${memory}`,
      `${sloth}, ${slothMemory}`,
    ]);
  });

  it("has no other row", () => {
    expect(rows.size).toBe(6);
  });
});

describe("the README's comparison with other platforms", () => {
  const rows = tableAfter(readme, "Compared with other platforms");
  const links = new Map([...readme.matchAll(/^\[([\w-]+)\]: (\S+)$/gm)].map(([, name, url]) => [name, url]));
  const cellOf = (row: string) => rows.find(([what]) => what === row)?.[1] ?? "";

  it("links every cell that is not a plain no to a source", () => {
    expect(rows.length).toBeGreaterThan(8);
    for (const [what, ...cells] of rows) {
      expect(cells).toHaveLength(3);
      for (const cell of cells) if (cell !== "no") expect(cell, what).toMatch(/\]\(|\]\[|managed by/);
    }
  });

  it("links to one commit of each project, so that a reader sees what was read", () => {
    const used = [...readme.matchAll(/\]\[([\w-]+)\]/g)].map(([, name]) => name);
    expect([...links.keys()].sort()).toEqual([...new Set(used)].sort());
    const commits = [...links.values()].map(
      (url) => /\/(?:blob|tree)\/([0-9a-f]{40})\//.exec(`${url}/`)?.[1],
    );
    expect(new Set(commits).size).toBe(2);
    expect(commits).not.toContain(undefined);
  });

  it("counts the alerts about the platform as docs/alerts.md lists them", () => {
    const catalogue = readFileSync(join(ROOT, "docs/alerts.md"), "utf8").split("## The catalogue")[1] ?? "";
    const alerts = [...catalogue.matchAll(/^\| \[\w+\]\(runbooks\//gm)];
    expect(cellOf("alerts about the platform")).toContain(`[${alerts.length}]`);
  });

  it("has the replicas of prod", () => {
    const manifests = join(inject("previews"), "prod/manifests");
    const replicas = ["prometheus-", "alertmanager-"].map((kind) => {
      const [file = ""] = readdirSync(manifests).filter((name) => name.startsWith(kind));
      const { spec } = parse(readFileSync(join(manifests, file), "utf8")) as { spec: { replicas: number } };
      return spec.replicas;
    });
    expect(cellOf("Prometheus, Alertmanager replicas")).toContain(`[${replicas.join(", ")} (production)]`);
  });
});

describe("the README", () => {
  it("lists every how-to", () => {
    const pages = readdirSync(join(ROOT, "docs/how-to"));
    expect(pages.filter((page) => !readme.includes(`](docs/how-to/${page})`))).toEqual([]);
  });

  it("shows pictures that are there and says what they show", () => {
    const pictures = [...readme.matchAll(/<img src="([^"]+)"[^>]* alt="([^"]{20,})">/g)];
    expect(pictures.length).toBe(2);
    for (const [, file = ""] of pictures) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });
});

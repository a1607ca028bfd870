import { describe, expect, inject, it } from "vitest";
import { hitsIn, messages, pages, rendered, type Text, unwantedWords } from "./words.ts";

// The words that docs/glossary.md asks not to write stay out of what people read: pages, alerts, dashboards, reports and messages.

const ENVIRONMENTS = ["dev", "local", "prod", "staging"];
const words = unwantedWords();

function texts(): readonly Text[] {
  const previews = inject("previews");
  return [...pages(), ...messages(), ...ENVIRONMENTS.flatMap((name) => rendered(previews, name))];
}

describe("the words that the glossary gives up", () => {
  const hits = texts().flatMap((text) => hitsIn(text, words));

  it("are in no page, alert, dashboard, report or message", () => {
    expect(hits.map(({ where, pattern, excerpt }) => `${where}: ${pattern}: … ${excerpt} …`)).toEqual([]);
  });
});

describe("the table of the glossary", () => {
  it("has a regular expression for every row", () => {
    expect(words.length).toBeGreaterThan(50);
  });

  it.each([
    ["Pages hang by what is left of them: the cost of being wrong.", "cost of being wrong"],
    ["None of 41 policies refuses it, and nobody is told.", "nobody"],
    ["Alertmanager waits for company.", "waits for company"],
    ["conditions that hold and have not fired", "have not fired"],
  ])("finds the words in: %s", (text, found) => {
    expect(
      hitsIn({ where: "", text }, words)
        .map(({ excerpt }) => excerpt)
        .join("\n"),
    ).toContain(found);
  });

  it("leaves the field's words alone", () => {
    const text =
      "The alert fires for 5m, is inhibited or silenced, and pages the team. Pods run out of memory. Remote write lags behind by 300 s.";
    expect(hitsIn({ where: "", text }, words)).toEqual([]);
  });
});

describe("the search", () => {
  it("reads pages, messages and what previews render", () => {
    const places = texts().map(({ where }) => where);
    for (const place of [
      "README.md",
      "docs/tutorial.md",
      "stacks/rules.ts",
      "out/report.md",
      "out/dashboards/",
    ])
      expect(places).toContain(place);
    expect(texts().filter(({ where, text }) => where.startsWith("out/") && text.length < 1000)).toEqual([]);
  });
});

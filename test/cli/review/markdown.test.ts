import { describe, expect, it } from "vitest";
import { type Change, grouped, KINDS, type Kind } from "../../../cli/review/change.ts";
import { LONGEST, MARK, reviewMarkdown } from "../../../cli/review/markdown.ts";
import { type Reminder, type Review, reviewOf } from "../../../cli/review/review.ts";
import { reviewSarif } from "../../../cli/review/sarif.ts";

function review(
  changes: readonly Change[],
  environments: Review["environments"] = [{ name: "prod", state: "compared", problem: null }],
  reminders: readonly Reminder[] = [],
): Review {
  return reviewOf(
    "main",
    { environments, changes: grouped([{ environment: "prod", tier: "production", changes }]), reminders },
    [],
    () => null,
  );
}

/** One change of each service and of each kind. */
function changesOfServices(services: number): readonly Change[] {
  return Array.from({ length: services }, (_, index) => index).flatMap((index) =>
    (["pages-nobody", "objective-changed", "alert-changed", "panel-changed", "text-changed"] as const).map(
      (kind): Change => ({
        kind,
        about: `${kind} of service-${index}`,
        what: `changes in its own way ${index}`,
        details: [{ label: "value", before: "x".repeat(100), after: `${index}` }],
      }),
    ),
  );
}

describe("the page of a review", () => {
  it("is one line if nothing changes", () => {
    expect(reviewMarkdown(review([]))).toBe(`No change of prod against main. ${MARK}\n`);
  });

  it("has the riskiest change as its headline, whatever comes first", () => {
    const kinds = Object.keys(KINDS) as Kind[];
    for (const kind of kinds) {
      const others = kinds.filter((other) => KINDS[other].risk < KINDS[kind].risk);
      const page = reviewMarkdown(
        review([...others, kind].map((each) => ({ kind: each, about: `about ${each}`, what: "what" }))),
      );
      expect(page.split("\n")[0]).toBe(`## about ${kind}: what \\(prod\\)`);
    }
  });

  it("stays below the limit of a comment with 1,000 services, keeps the riskiest, and says how much it leaves out", () => {
    const page = reviewMarkdown(review(changesOfServices(1000)));
    expect(page.length).toBeLessThanOrEqual(LONGEST);
    expect(page.length).toBeGreaterThan(LONGEST * 0.9);
    const pages = page.match(/pages-nobody of service/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(300);
    // What is less risky is left out before any of the riskiest.
    expect(page).not.toContain("text-changed of service");
    const [, hidden = ""] =
      /Left out here, for the limit of a comment: ([\d,]+) changes of the least risk/.exec(page) ?? [];
    const items = page.split("\n").filter((line) => line.startsWith("- **")).length;
    expect(Number(hidden.replace(",", "")) + items).toBe(5000);
    expect(page.endsWith(`</sub> ${MARK}\n`)).toBe(true);
  });

  it("says the same change of 1,000 services once", () => {
    const changes = Array.from(
      { length: 1000 },
      (_, index): Change => ({ kind: "alert-changed", about: `alert ${index}`, what: "for 5m → 10m" }),
    );
    const page = reviewMarkdown(review(changes));
    expect(page.split("\n").filter((line) => line.startsWith("- **"))).toHaveLength(1);
    expect(page).toContain("and 996 more");
  });

  it("closes what it opens: every fence and every tag", () => {
    for (const services of [1, 30, 90, 300]) {
      const page = reviewMarkdown(review(changesOfServices(services)));
      expect((page.match(/^ *```/gm)?.length ?? 0) % 2, String(services)).toBe(0);
      expect(page.match(/<sub>/g)).toHaveLength(1);
      expect(page.match(/<\/sub>/g)).toHaveLength(1);
    }
  });

  it("shows what an environment says as text, and mentions nobody", () => {
    const page = reviewMarkdown(
      review([
        {
          kind: "alert-changed",
          about: "<b>@team</b> ```",
          what: "| # `",
          details: [{ label: "x", before: "```", after: "@all" }],
        },
      ]),
    );
    expect(page).not.toContain("<b>");
    expect(page).not.toMatch(/(?<!`)@team/);
    expect(page).toContain("````diff");
  });

  it("says why an environment could not be compared, as its headline if nothing else changed", () => {
    const page = reviewMarkdown(
      review(
        [],
        [{ name: "prod", state: "not-comparable", problem: "It cannot be compared: it is too old." }],
      ),
    );
    expect(page).toContain("## prod could not be compared");
    expect(page).toContain("it is too old");
  });

  it("stays below the limit with a thousand mistakes in each environment, line by line, and says what environments share once", () => {
    const mistakes = (name: string) =>
      [
        "stacks: 1,000 problems",
        ...Array.from({ length: 1000 }, (_, index) => `  ${name} ${index} ${"x".repeat(900)}`),
      ].join("\n");
    const environments = ["dev", "prod", "staging"].map((name) => ({
      name,
      state: "mistaken" as const,
      problem: mistakes(name === "dev" ? "one" : "other"),
    }));
    const page = reviewMarkdown(review(changesOfServices(1000), environments));
    expect(page.length).toBeLessThanOrEqual(LONGEST);
    expect(page.match(/other 0 x/g)).toHaveLength(1);
    expect(page).toContain("**prod, staging**");
    expect(page).toContain("and 970 lines more");
    expect((page.match(/^ *```/gm)?.length ?? 0) % 2).toBe(0);
  });

  it("says which waivers end soon, in the same line if nothing changes", () => {
    const reminder = {
      policy: "no-ssh",
      resource: "nodes",
      environment: "prod",
      owner: "shop",
      expires: "2026-12-01",
      task: "ends",
    } as const;
    const words = "The waiver of shop for no-ssh of nodes in prod ends on 2026-12-01";
    const still = reviewMarkdown(review([], undefined, [reminder]));
    expect(still.trim().split("\n")).toHaveLength(1);
    expect(still).toMatch(/^No change of prod against main\. /);
    expect(still).toContain(words);
    const changed = reviewMarkdown(
      review([{ kind: "text-changed", about: "a", what: "b" }], undefined, [reminder]),
    );
    expect(changed).toContain(`### Soon\n- ${words}`);
  });

  it("are results of SARIF at their lines", () => {
    const waiver = {
      policy: "no-ssh",
      resource: "nodes",
      environment: "prod",
      owner: "shop",
      expires: "2026-12-01",
    };
    const reminders = (["expired", "unused"] as const).map((task, index) => ({
      ...waiver,
      task,
      location: { file: "stacks/waivers.yaml", line: 4 + index },
    }));
    const { runs } = JSON.parse(reviewSarif({ changes: [], reminders })) as {
      readonly runs: readonly { readonly results: readonly object[] }[];
    };
    const at = (startLine: number) => [
      {
        physicalLocation: {
          artifactLocation: { uri: "stacks/waivers.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine },
        },
      },
    ];
    expect(runs[0]?.results).toMatchObject([
      { ruleId: "waiver-expired", ruleIndex: 0, level: "warning", locations: at(4) },
      { ruleId: "waiver-unused", ruleIndex: 1, level: "note", locations: at(5) },
    ]);
    const none = reminders.map((each) => ({ ...each, location: null }));
    expect(reviewSarif({ changes: [], reminders: none })).not.toContain("waiver-");
  });
});

describe("the same change in several environments and of several things", () => {
  it("is one change, and production is first among changes of one kind", () => {
    const change = (about: string): Change => ({ kind: "alert-changed", about, what: "for 5m → 10m" });
    const both = grouped([
      {
        environment: "dev",
        tier: "development",
        changes: [change("A"), change("B"), { ...change("D"), what: "other" }],
      },
      {
        environment: "prod",
        tier: "production",
        changes: [change("A"), change("B"), { ...change("C"), what: "another" }],
      },
    ]);
    expect(both.map(({ abouts, environments }) => [abouts, environments])).toEqual([
      [
        ["A", "B"],
        ["dev", "prod"],
      ],
      [["C"], ["prod"]],
      [["D"], ["dev"]],
    ]);
  });
});

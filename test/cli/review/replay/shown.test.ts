import { describe, expect, it } from "vitest";
import { reviewHtml } from "../../../../cli/review/html.ts";
import { LONGEST, reviewMarkdown } from "../../../../cli/review/markdown.ts";
import type { Replay } from "../../../../cli/review/replay/result.ts";
import { reviewOf } from "../../../../cli/review/review.ts";

const side = (firings: number, night: number, untold: string[]): Replay["before"] => ({
  firings,
  bySeverity: [{ name: "critical", firings }],
  byReceiver: [{ name: "pager", firings }],
  pagesAtNight: night,
  incidentsUntold: untold,
});

const replay: Replay = {
  environment: "prod",
  from: "2026-10-31T00:00:00.000Z",
  to: "2026-11-30T00:00:00.000Z",
  evaluatedBy: "Prometheus 3.13.5 at http://localhost:9090/",
  night: "22:00-07:00 UTC",
  before: side(148, 20, ["<b>checkout</b>"]),
  after: side(42, 3, []),
  alerts: [
    { about: "DiskFull", severity: "critical", receivers: ["pager"], before: 9, after: 3, isChanged: true },
    { about: "Moved", severity: "warning", receivers: [], before: 2, after: 2, isChanged: true },
    { about: "Same", severity: "warning", receivers: [], before: 2, after: 2, isChanged: false },
    { about: "New", severity: "warning", receivers: [], before: null, after: 1, isChanged: true },
  ],
  incidents: [
    {
      name: "<b>checkout</b>",
      start: "2026-11-03T02:10:00.000Z",
      end: "2026-11-03T03:10:00.000Z",
      before: null,
      after: { alert: "DiskFull", seconds: 270 },
    },
  ],
  agreement: { share: 0.99999, evaluations: 86_400, since: "2026-10-31T00:00:00.000Z", least: [] },
  computed: ["job:errors:ratio"],
  notReplayed: [{ about: "OfGrafana", why: "Grafana evaluates it" }],
};

const review = (replays: readonly Replay[]) =>
  reviewOf(
    "main",
    { environments: [{ name: "prod", state: "compared", problem: null }], changes: [] },
    [],
    () => null,
    replays,
  );

describe("a replay in a comment", () => {
  const text = reviewMarkdown(review([replay]));

  it("says what would have fired, at night and during incidents", () => {
    expect(text).toContain("### What would have fired in prod from 2026-10-31 to 2026-11-30");
    expect(text).toContain(
      "the alerts would have fired 42 times instead of 148 \\(critical 42 instead of 148\\), with 3 pages at night instead of 20, 0 of 1 incident without an alert instead of 1",
    );
    expect(text).toContain("| to the receiver pager | 148 | 42 |");
    expect(text).toContain("no alert | DiskFull, after 4m30s |");
  });

  it("lists the alerts that would have fired at other times, and no others", () => {
    expect(text).toContain("| DiskFull | critical | pager | 9 | 3 |");
    expect(text).toContain("| Moved | warning | none | 2 | 2, at other times |");
    expect(text).toContain("| New | warning | none | no such alert | 1 |");
    expect(text).not.toContain("| Same |");
  });

  it("says how far it agrees with what was recorded, and never rounds that up to all", () => {
    expect(text).toContain("99.99%");
    expect(text).toContain("OfGrafana");
  });

  it("is one sentence and the totals if nothing would have fired at other times", () => {
    const alerts = replay.alerts.filter(({ isChanged }) => !isChanged);
    const same = reviewMarkdown(review([{ ...replay, after: replay.before, alerts }]));
    expect(same).toContain("In prod every alert would have fired as before: 148 times in all.");
    expect(same).not.toContain("| Alert |");
  });

  it("keeps within the limit of a comment, however much differs", () => {
    const [alert] = replay.alerts;
    const [incident] = replay.incidents;
    if (alert === undefined || incident === undefined) throw new Error("no sample");
    const alerts = Array.from({ length: 3000 }, (_, index) => ({ ...alert, about: `Alert${index}` }));
    const incidents = Array.from({ length: 300 }, (_, index) => ({ ...incident, name: `incident ${index}` }));
    const notReplayed = alerts.map(({ about }) => ({ about, why: "it reads too much" }));
    const long = { ...replay, alerts, incidents, notReplayed };
    const comment = reviewMarkdown(
      review(["dev", "local", "prod", "staging"].map((environment) => ({ ...long, environment }))),
    );
    expect(comment.length).toBeLessThan(LONGEST);
    expect(comment).toContain("and 2985 more, in review.html");
  });
});

describe("a replay on the page", () => {
  it("has every alert, and takes no markup from a name", () => {
    const page = reviewHtml(review([replay]));
    expect(page).toContain("DiskFull");
    expect(page).not.toContain("<b>checkout</b>");
  });
});

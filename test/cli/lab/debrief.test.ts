import { describe, expect, it } from "vitest";
import { debriefOf, type PlayedScenario } from "../../../cli/lab/debrief.ts";
import type { Notification } from "../../../cli/lab/notifications.ts";

const FROM = Date.UTC(2026, 10, 30, 9, 0, 0);
/** Milliseconds since 1970 of so many seconds of production's time after the start, which pass ten times faster. */
const after = (seconds: number) => FROM + seconds * 100;

const message = (
  seconds: number,
  status: "firing" | "resolved",
  alerts: readonly string[],
  services: readonly string[],
): Notification => ({
  receiver: "shop-pager",
  at: after(seconds),
  status,
  alerts,
  services,
  severity: "critical",
  messages: [],
});

const steps = [
  { at: "0s", on: "service", fault: "outage", switch: "on", what: "it fails", targets: ["checkout"] },
  { at: "20m", on: "service", fault: "outage", switch: "off", what: "it works", targets: ["checkout"] },
] as const;

const played: PlayedScenario = {
  environment: "prod",
  name: "outage",
  scenario: { title: "Outage", about: "Is it noticed?", steps, end: "30m" },
  faster: 10,
  programs: ["prometheus 3.13.5"],
  from: FROM,
  until: after(1800),
  steps,
  trials: [
    {
      service: "checkout",
      fault: "outage",
      alert: "SLOErrorBudgetBurnFast",
      from: FROM,
      promised: 120,
      measured: 95,
    },
  ],
  alerts: [
    {
      name: "SLOErrorBudgetBurnFast",
      severity: "critical",
      service: "checkout",
      objective: "availability",
      about: "",
      pending: after(60),
      firing: after(90),
      over: after(1500),
    },
  ],
  notifications: [
    message(95, "firing", ["SLOErrorBudgetBurnFast"], ["checkout"]),
    message(1560, "resolved", ["SLOErrorBudgetBurnFast"], ["checkout"]),
  ],
  budgets: [{ service: "checkout", objective: "availability", target: "99.9", spent: 0.4629 }],
};

describe("the debrief of a game day", () => {
  it("has every time in production's, from the start", () => {
    const text = debriefOf(played);
    expect(text).toContain("| 20:00 | off | Outage | checkout | it works |");
    expect(text).toContain("| Outage | checkout | `SLOErrorBudgetBurnFast` | 02:00 | 01:35 | kept |");
    expect(text).toContain(
      "| `SLOErrorBudgetBurnFast` | checkout availability | critical | 01:00 | 01:30 | 25:00 |",
    );
    expect(text).toContain(
      "| 01:35 | shop-pager | critical | firing | `SLOErrorBudgetBurnFast` | checkout |",
    );
    expect(text).toContain("1 page to shop-pager.");
    expect(text).toContain("| checkout | availability | 99.9% | 46.29% |");
    expect(text).toContain("| time to detect | 1m35s |");
    expect(text).toContain("| time to mitigate | 20m |");
    expect(text).toContain("| time to resolve | 30m |");
    expect(text).toContain("Every fault had its message, and every alert that fired is in one.");
    expect(text).not.toContain("It was stopped at");
  });

  it("says of a message that came too late, or not at all, that the promise is broken", () => {
    const [trial] = played.trials;
    if (trial === undefined) throw new Error("there is no trial");
    const late = debriefOf({ ...played, trials: [{ ...trial, measured: 121 }] });
    expect(late).toContain("| 02:00 | 02:01 | **broken** |");
    const { measured: _, ...never } = trial;
    const silent = debriefOf({ ...played, trials: [never], notifications: [] });
    expect(silent).toContain("| 02:00 | no message | **broken** |");
    expect(silent).toContain("No one was paged.");
    expect(silent).toContain("- Outage of checkout: `SLOErrorBudgetBurnFast` is in no message.");
    expect(silent).toContain(
      "- checkout spent 46.29% of the budget of availability, and no message names it.",
    );
    expect(silent).toContain(
      "- `SLOErrorBudgetBurnFast` of checkout availability (critical) fired and is in no message",
    );
    expect(silent).toContain("| time to detect | not noted |");
  });

  it("counts the time to detect from the fault to the first page, and to a ticket where there is no page", () => {
    const from = (at: "1m") => steps.map((step) => (step.switch === "on" ? { ...step, at } : step));
    const ticket = (at: number) => ({
      ...message(at, "firing", ["SLOErrorBudgetBurnSlow"], ["checkout"]),
      severity: "warning",
    });
    const [page] = played.notifications;
    if (page === undefined) throw new Error("there is no page");
    const text = debriefOf({ ...played, steps: from("1m"), notifications: [ticket(10), ticket(80), page] });
    expect(text).toContain("| time to detect | 35s |");
    expect(text).toContain("| time to resolve | 29m |");
    const quiet = debriefOf({ ...played, steps: from("1m"), notifications: [ticket(10), ticket(80)] });
    expect(quiet).toContain("| time to detect | 20s |");
  });

  it("leaves out what had not happened when it was stopped", () => {
    const text = debriefOf({ ...played, until: after(600) });
    expect(text).toContain("**It was stopped at 10:00, before its end at 30m.**");
    expect(text).not.toContain("| off |");
    expect(text).toContain("| time to mitigate | not noted |");
  });
});

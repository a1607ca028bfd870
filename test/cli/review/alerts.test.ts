import { describe, expect, it } from "vitest";
import { alertChanges, matchAlerts } from "../../../cli/review/alerts.ts";
import type { ModelAlert } from "../../../cli/review/model.ts";
import { notificationChanges } from "../../../cli/review/notifications.ts";
import { alert, model } from "./sample-model.ts";

const NOTHING = { services: new Set<string>(), objectives: new Set<string>() };

function changed(before: readonly ModelAlert[], after: readonly ModelAlert[]) {
  return alertChanges(matchAlerts(before, after), NOTHING).map(({ kind, what }) => [kind, what]);
}

function told(before: readonly ModelAlert[], after: readonly ModelAlert[]) {
  const changes = notificationChanges(matchAlerts(before, after), model({ alerts: after }));
  return changes.map(({ kind, about, what }) => [kind, `${about}: ${what}`]);
}

const CHAT = { name: "chat", kind: "Slack #shop" };

describe("alerts before and after", () => {
  it("says nothing of an alert that is laid out in another way", () => {
    expect(changed([alert()], [alert({ expr: "(disk_used)\n > 0.90" })])).toEqual([]);
  });

  it("says the threshold, the time and the severity, and that an alert does not page any more", () => {
    const after = alert({ expr: "disk_used > 0.95", for: "15m", severity: "warning" });
    expect(changed([alert()], [after])).toEqual([
      [
        "critical-alert-changed",
        "does not page any more: severity critical → warning, for 5m → 15m, threshold > 0.9 → > 0.95",
      ],
    ]);
  });

  it("calls an alert renamed if it asks the same of the same team, and removed if it does not", () => {
    expect(changed([alert()], [alert({ name: "DiskIsFull" })])).toMatchObject([
      ["alert-renamed", expect.stringContaining("was called DiskFull")],
    ]);
    const kinds = changed([alert()], [alert({ name: "Other", expr: "other > 1" })]).map(([kind]) => kind);
    expect(kinds).toEqual(["critical-alert-removed", "alert-added"]);
  });

  it("matches several alerts of one name by severity, so that one that is added changes no other", () => {
    const [page, ticket] = [alert(), alert({ severity: "warning", expr: "disk_used > 0.8" })];
    expect(changed([page], [ticket, page])).toMatchObject([
      ["alert-added", expect.stringContaining("warning")],
    ]);
  });

  it("says another text, and not that a panel has another number", () => {
    const url = (panel: number) => `https://grafana.example.com/d/disks?viewPanel=${panel}`;
    expect(changed([alert({ dashboardUrl: url(1) })], [alert({ dashboardUrl: url(2) })])).toEqual([]);
    expect(changed([alert()], [alert({ summary: "No space" })])).toEqual([
      ["text-changed", "has another summary"],
    ]);
  });
});

describe("who is told before and after", () => {
  it("says first that a critical alert pages nobody any more", () => {
    expect(told([alert()], [alert({ receivers: [] })])).toEqual([
      [
        "pages-nobody",
        "1 critical alert of the team shop (DiskFull): pages no receiver any more; before: pager (PagerDuty)",
      ],
    ]);
  });

  it("says so, too, if the alert is of a severity now that has no receiver", () => {
    const [[kind] = []] = told([alert()], [alert({ severity: "info", receivers: [] })]);
    expect(kind).toBe("pages-nobody");
  });

  it("says who is paged instead, once for all alerts of a team and a severity", () => {
    const names = ["A", "B", "C", "D", "E"];
    const all = (changes: Partial<ModelAlert>) =>
      names.map((name) => alert({ name, expr: name, ...changes }));
    expect(told(all({}), all({ receivers: [CHAT] }))).toEqual([
      [
        "pages-somebody-new",
        "5 critical alerts of the team shop: page chat (Slack #shop) instead of pager (PagerDuty)",
      ],
    ]);
  });

  it("sees a receiver of the same name that sends elsewhere", () => {
    const after = alert({ severity: "warning", receivers: [{ ...CHAT, kind: "Slack #other" }] });
    expect(told([alert({ severity: "warning", receivers: [CHAT] })], [after])).toMatchObject([
      ["receivers-changed", expect.stringContaining("Slack #other")],
    ]);
  });

  it("sees hours that a receiver gets", () => {
    const after = alert({
      severity: "warning",
      receivers: [{ ...CHAT, hours: "Monday 09:00 to 17:00 UTC" }],
    });
    expect(told([alert({ severity: "warning", receivers: [CHAT] })], [after])).toEqual([
      [
        "receivers-changed",
        "1 warning alert of the team shop (DiskFull): notifies chat (Slack #shop, only Monday 09:00 to 17:00 UTC) instead of chat (Slack #shop)",
      ],
    ]);
  });

  it("sees alerts about the workloads of a team in its namespaces", () => {
    const before = alert({ byNamespace: [{ namespaces: ["web"], receivers: [CHAT] }] });
    expect(told([before], [alert()])).toMatchObject([
      ["pages-somebody-new", expect.stringContaining("in the namespaces web")],
    ]);
  });

  it("says that only the fallback would be told, once it is so", () => {
    const lost = alert({
      name: "New",
      problem: "New has no label team: only the fallback receiver x would be notified",
    });
    expect(told([], [lost])).toMatchObject([["unrouted", expect.stringContaining("only the fallback")]]);
    expect(told([lost], [lost])).toEqual([]);
  });
});

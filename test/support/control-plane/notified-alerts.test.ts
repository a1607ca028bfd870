import { describe, expect, it } from "vitest";
import { alertsIn, incidentsIn, newsOf } from "./notified-alerts.ts";
import type { Notification } from "./sink.ts";

const said = (pod: string, over = false) =>
  `${over ? "Resolved: " : ""}The pod ${pod} crashes\nSince: 2026-11-23 12:00:00 UTC\nLabels: alertname=Crashes pod=${pod}\n\n`;
const notification = (text: string, group = "g"): Notification => ({
  at: 0,
  secret: "s",
  state: "firing",
  title: "",
  text,
  group,
});
const heard = (notifications: readonly Notification[], pod: string, state: Notification["state"]) =>
  newsOf(notifications, { alert: "Crashes", about: `pod=${pod}` }, state).map((one) =>
    notifications.indexOf(one),
  );

describe("the alerts of a notification", () => {
  it("are read from PagerDuty's text", () => {
    expect(alertsIn(said("a") + said("b", true)).map(({ labels, over }) => [labels, over])).toEqual([
      ["alertname=Crashes pod=a", false],
      ["alertname=Crashes pod=b", true],
    ]);
  });

  it("are read from Slack's text, whose paragraphs may be many", () => {
    const text =
      "*The pod a crashes*\nAgain.\n\nAnd again.\n<https://example.com|Runbook>  `alertname=Crashes` `pod=a` \n\n" +
      ":white_check_mark: *The pod b crashes*\n`alertname=Crashes` `pod=b` \n\n";
    expect(alertsIn(text).map(({ labels, over }) => [labels, over])).toEqual([
      ["alertname=Crashes pod=a", false],
      ["alertname=Crashes pod=b", true],
    ]);
  });
});

describe("an incident", () => {
  it("is opened once, however often it is told, and again when it was over", () => {
    const over: Notification = { ...notification(said("a", true)), state: "resolved" };
    const all = [
      notification(said("a")),
      notification(said("a")),
      notification(said("a"), "another group"),
      over,
      notification(said("a")),
    ];
    expect(incidentsIn(all).map((one) => all.indexOf(one))).toEqual([0, 2, 4]);
  });
});

describe("the news of an alert", () => {
  it("are that it fires, that it is over, and that it fires again", () => {
    const all = [notification(said("a")), notification(said("a", true)), notification(said("a"))];
    expect([heard(all, "a", "firing"), heard(all, "a", "resolved")]).toEqual([[0, 2], [1]]);
  });

  it("are not that another of its group began or ended", () => {
    const all = [
      notification(said("a")),
      notification(said("a") + said("b")),
      notification(said("a") + said("b", true)),
    ];
    expect([heard(all, "a", "firing"), heard(all, "b", "firing"), heard(all, "b", "resolved")]).toEqual([
      [0],
      [1],
      [2],
    ]);
  });

  it("are not that another began that the text does not show", () => {
    const all = [said("a"), `${said("a")}1 more alerts are not shown. All alerts: u\n`].map((text) =>
      notification(text),
    );
    expect(heard(all, "a", "firing")).toEqual([0]);
  });

  it("are not that it is over, said again beside another that fires", () => {
    const all = [
      notification(said("a")),
      notification(said("a", true)),
      notification(said("b")),
      notification(said("a", true) + said("b")),
    ];
    expect([heard(all, "a", "resolved"), heard(all, "b", "firing")]).toEqual([[1], [2]]);
  });

  it("are also the same thing said twice, which nobody should hear", () => {
    const all = [notification(said("a")), notification(said("a")), notification(said("a"), "another group")];
    expect(heard(all, "a", "firing")).toEqual([0, 1, 2]);
  });
});

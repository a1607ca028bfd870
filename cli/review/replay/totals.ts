import { severityRank } from "../../report/routes.ts";
import { isNotified } from "../../report/sentences.ts";
import { called } from "../alerts.ts";
import type { ModelAlert } from "../model.ts";
import type { Incident } from "./incidents.ts";
import type { Replay } from "./result.ts";
import { type Firing, receiversOf } from "./side.ts";

interface Replayed {
  readonly alert: ModelAlert;
  readonly firings: readonly Firing[];
}

type Told = Replay["incidents"];

/** What the alerts of one side come to. */
export function totalsOf(
  alerts: readonly Replayed[],
  isNight: (at: number) => boolean,
  incidents: Told,
  side: "before" | "after",
  from: number,
): Replay["before"] {
  const bySeverity = new Map<string, number>();
  const byReceiver = new Map<string, number>();
  let pagesAtNight = 0;
  for (const { alert, firings } of alerts) {
    if (alert.severity === "none") continue;
    for (const firing of firings) {
      count(bySeverity, alert.severity);
      const receivers = receiversOf(alert, firing);
      for (const { name } of receivers) count(byReceiver, name);
      // What fires when the replay begins has paged before.
      if (
        alert.severity === "critical" &&
        receivers.length > 0 &&
        firing.from >= from &&
        isNight(firing.from)
      )
        pagesAtNight++;
    }
  }
  return {
    firings: [...bySeverity.values()].reduce((sum, each) => sum + each, 0),
    bySeverity: counted(bySeverity).sort((a, b) => severityRank(a.name) - severityRank(b.name)),
    byReceiver: counted(byReceiver),
    pagesAtNight,
    incidentsUntold: incidents.filter((incident) => incident[side] === null).map(({ name }) => name),
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function counted(counts: ReadonlyMap<string, number>) {
  return [...counts].map(([name, firings]) => ({ name, firings })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** For each incident the alert that would have told of it first, on either side. */
export function incidentsOf(
  incidents: readonly Incident[],
  before: readonly Replayed[],
  after: readonly Replayed[],
): Told {
  return incidents.map((incident) => ({
    name: incident.name,
    start: new Date(incident.start * 1000).toISOString(),
    end: new Date(incident.end * 1000).toISOString(),
    before: firstAlert(incident, before),
    after: firstAlert(incident, after),
  }));
}

function firstAlert({ start, end, services }: Incident, alerts: readonly Replayed[]): Told[number]["before"] {
  let first: { readonly alert: string; readonly seconds: number } | null = null;
  for (const { alert, firings } of alerts) {
    if (!isNotified(alert.severity)) continue;
    for (const firing of firings) {
      const isAbout = services.length === 0 || services.includes(firing.labels["service"] ?? "");
      if (!isAbout || firing.to <= start || firing.from >= end || receiversOf(alert, firing).length === 0)
        continue;
      const seconds = Math.max(0, firing.from - start);
      if (first === null || seconds < first.seconds) first = { alert: called(alert), seconds };
    }
  }
  return first;
}

import { duration } from "../../../components/core/duration.ts";
import { toTheMinute } from "../../report/moments.ts";
import { count, grouped } from "../../report/numbers.ts";
import type { Replay } from "./result.ts";

// What Markdown, HTML and the terminal say of a replay alike.

/** The heading of a replay. */
export function titleOf({ environment, from, to }: Replay): string {
  return `What would have fired in ${environment} from ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
}

/** What the alerts come to, in one sentence without its full stop. */
export function summaryOf({ before, after, alerts, incidents, environment }: Replay): string {
  if (!alerts.some(({ isChanged }) => isChanged))
    return `In ${environment} every alert would have fired as before: ${grouped(after.firings)} times in all`;
  const critical = (side: Replay["before"]) =>
    side.bySeverity.find(({ name }) => name === "critical")?.firings ?? 0;
  const untold =
    incidents.length === 0
      ? ""
      : `, ${after.incidentsUntold.length} of ${count(incidents.length, "incident")} without an alert instead of ${before.incidentsUntold.length}`;
  return `In ${environment} the alerts would have fired ${grouped(after.firings)} times instead of ${grouped(before.firings)} (critical ${grouped(critical(after))} instead of ${grouped(critical(before))}), with ${grouped(after.pagesAtNight)} pages at night instead of ${grouped(before.pagesAtNight)}${untold}`;
}

/** The numbers before and after as rows: what, before, after. */
export function totalRows({ before, after, night, incidents }: Replay): readonly (readonly string[])[] {
  const names = (of: "bySeverity" | "byReceiver") => [
    ...new Set([...before[of], ...after[of]].map(({ name }) => name)),
  ];
  const row = (of: "bySeverity" | "byReceiver", name: string, label: string) => [
    label,
    ...[before, after].map((side) => grouped(side[of].find((each) => each.name === name)?.firings ?? 0)),
  ];
  const untold = ({ incidentsUntold }: Replay["before"]) =>
    incidentsUntold.length === 0 ? "0" : `${incidentsUntold.length}: ${incidentsUntold.join(", ")}`;
  return [
    ["Firings", grouped(before.firings), grouped(after.firings)],
    ...names("bySeverity").map((name) => row("bySeverity", name, `of severity ${name}`)),
    ...names("byReceiver").map((name) => row("byReceiver", name, `to the receiver ${name}`)),
    [`Pages at night (${night})`, grouped(before.pagesAtNight), grouped(after.pagesAtNight)],
    ...(incidents.length === 0
      ? []
      : [[`Incidents of ${incidents.length} without an alert`, untold(before), untold(after)]]),
  ];
}

/** Alerts that would have fired at other times, as rows: alert, severity, receivers, before, after. */
export function changedRows({ alerts }: Replay): readonly (readonly string[])[] {
  const times = (firings: number | null) => (firings === null ? "no such alert" : grouped(firings));
  return alerts
    .filter(({ isChanged }) => isChanged)
    .map(({ about, severity, receivers, before, after }) => [
      about,
      severity,
      receivers.join(", ") || "none",
      times(before),
      before === after ? `${times(after)}, at other times` : times(after),
    ]);
}

/** The first alert of each incident, as rows: incident, before, after. */
export function incidentRows({ incidents }: Replay): readonly (readonly string[])[] {
  const told = (alert: Replay["incidents"][number]["before"]) => {
    if (alert === null) return "no alert";
    return alert.seconds === 0
      ? `${alert.alert}, firing when it began`
      : `${alert.alert}, after ${duration(Math.round(alert.seconds))}`;
  };
  return incidents.map(({ name, before, after }) => [name, told(before), told(after)]);
}

/** How the replay was made, how far it agrees with what was recorded, and what it cannot know. */
export function notesOf(replay: Replay): readonly string[] {
  const { agreement, computed, evaluatedBy, notReplayed } = replay;
  const least = agreement?.least.map(({ about, share }) => `${about} ${percent(share)}`).join(", ");
  return [
    `${evaluatedBy} evaluated the expressions of all alerts at the times of their groups; for and keep_firing_for are applied as Prometheus does.`,
    agreement === null
      ? "The history has no firing alert in its series ALERTS, or none fired, so the replay could not be compared with what was recorded."
      : `Of the ${grouped(agreement.evaluations)} evaluations since ${toTheMinute(agreement.since)} at which an alert of the base fired in the replay or in the recorded series ALERTS, it fired in both at ${percent(agreement.share)}.${least ? ` Least: ${least}.` : ""}`,
    ...(computed.length === 0
      ? []
      : [`Computed, because the history lacks them as they would be recorded: ${computed.join(", ")}.`]),
    ...(notReplayed.length === 0
      ? []
      : [`Not replayed: ${notReplayed.map(({ about, why }) => `${about} (${why})`).join("; ")}.`]),
    "A firing is counted for each receiver of its alert. Silences, inhibition, grouping and muted times of Alertmanager, restarts of Prometheus and samples that the new version would scrape are not known to the replay.",
  ];
}

function percent(share: number): string {
  // What is not all is not rounded to all.
  return share === 1 ? "100%" : `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
}

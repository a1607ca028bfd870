import { messageHtml } from "../report/html-messages.ts";
import { type Content, html } from "../report/markup.ts";
import { tableHtml } from "../report/table.ts";
import type { Live } from "./live.ts";
import type { Notification } from "./notifications.ts";
import { type GameDayState, titleOf } from "./scenarios.ts";
import type { Trial } from "./trials.ts";

/** What the page shows of the state of a lab. */
export interface Shown {
  readonly live: Live;
  readonly notifications: readonly Notification[];
  readonly trials: readonly Trial[];
  /** When the heartbeat came last, in milliseconds since 1970. */
  readonly heartbeat: number | undefined;
  /** The game day that is played; undefined: none. */
  readonly gameDay: GameDayState | undefined;
  readonly now: number;
}

/** How many messages are drawn. */
const DRAWN = 12;

/** The sections of the page that change, by the id of their element. */
export function sectionsOf(shown: Shown): Readonly<Record<string, string>> {
  return {
    ...(shown.gameDay && { "game-day": html`${gameDay(shown.gameDay)}`.text }),
    heartbeat: html`${heartbeat(shown)}`.text,
    objectives: html`${objectives(shown)}`.text,
    alerts: html`${alerts(shown)}`.text,
    trials: html`${trials(shown)}`.text,
    messages: html`${messages(shown)}`.text,
  };
}

function heartbeat({ heartbeat: at, now }: Shown): Content {
  return at === undefined ? "no heartbeat yet" : `last heartbeat ${Math.round((now - at) / 1000)} s ago`;
}

function gameDay({ age, end, steps }: GameDayState): Content {
  const state =
    age === undefined
      ? "It begins when the heartbeat has come, no alert is pending, and the windows of the alerts are filled."
      : age >= end
        ? "It is over. The command says where its debrief is."
        : `${inWords(age)} of ${inWords(end)}.`;
  const rows = steps.map(({ at, switch: to, fault, targets, what, isDone }) => [
    isDone ? html`<span class="tag good">done</span>` : "",
    `${at}`,
    `${titleOf(fault)} ${to}`,
    targets.join(", "),
    what,
  ]);
  return html`<p>${state}</p>
${tableHtml("steps of the game day", ["state", "at", "switch", "of", "what happens"], rows)}`;
}

function objectives({ live }: Shown): Content {
  const rows = live.objectives.map(({ service, slo, objective, errors, budgetLeft }) => {
    const isOver = errors !== undefined && errors > 1 - objective;
    return [
      service,
      slo,
      percent(objective),
      errors === undefined
        ? "no events"
        : html`<span class="tag ${isOver ? "bad" : "good"}">${percent(errors)}</span>`,
      errors === undefined ? "" : `${(errors / (1 - objective)).toFixed(1)}`,
      budgetLeft === undefined ? "not known yet" : percent(budgetLeft),
    ];
  });
  return (
    tableHtml(
      "objectives",
      ["service", "objective", "target", "bad in 5 minutes", "burn rate", "budget left"],
      rows,
    ) ?? html`<p class="quiet">Prometheus has evaluated nothing yet.</p>`
  );
}

function alerts({ live }: Shown): Content {
  const rows = [...live.alerts]
    .sort((a, b) => (a.activeAt < b.activeAt ? 1 : -1))
    .map(({ name, state, labels, summary, activeAt }) => [
      html`<span class="tag ${state === "firing" ? "bad" : "warn"}">${state}</span>`,
      name,
      labels["severity"] ?? "",
      labels["service"] ?? "",
      labels["slo"] ?? "",
      summary,
      timeOf(Date.parse(activeAt)),
    ]);
  return (
    tableHtml("alerts", ["state", "alert", "severity", "service", "objective", "summary", "since"], rows) ??
    html`<p class="quiet">No alert is pending or firing.</p>`
  );
}

function trials({ trials: all, now }: Shown): Content {
  const rows = [...all]
    .reverse()
    .map(({ service, fault, alert, measured, promised, until, from }) => [
      titleOf(fault),
      service,
      alert,
      promised === undefined ? "no promise" : inWords(promised),
      measured === undefined
        ? until === undefined
          ? `waiting since ${inWords((now - from) / 1000)} of the clock`
          : "switched off before"
        : inWords(measured),
      measured === undefined || promised === undefined
        ? ""
        : html`<span class="tag ${measured <= promised ? "good" : "bad"}">${measured <= promised ? "kept" : "late"}</span>`,
    ]);
  return (
    tableHtml("time to message", ["fault", "service", "alert", "promised", "measured", "promise"], rows) ??
    html`<p class="quiet">No fault was switched on yet.</p>`
  );
}

function messages({ notifications }: Shown): Content {
  if (notifications.length === 0) return html`<p class="quiet">No message was sent yet.</p>`;
  return [...notifications]
    .reverse()
    .slice(0, DRAWN)
    .map(
      ({ receiver, at, status, alerts: names, services, messages: drawn }) =>
        html`<figure class="message"><figcaption><span class="tag ${status === "firing" ? "bad" : "good"}">${status}</span> ${names.join(", ")}${services.length === 0 ? "" : ` of ${services.join(", ")}`} to ${receiver} at ${timeOf(at)}</figcaption>
${drawn.map((message) => messageHtml(message, "Prometheus"))}</figure>
`,
    );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.99 && share < 1 ? 2 : 1)}%`;
}

function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)} UTC`;
}

/** Seconds as minutes and seconds. */
function inWords(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

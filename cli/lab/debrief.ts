import { seconds } from "../../components/core/duration.ts";
import { reviewTemplate } from "../incident/template.ts";
import { code, escaped, list, table } from "../report/markdown-text.ts";
import type { LoggedAlert } from "./alert-log.ts";
import { CLUSTER } from "./faults.ts";
import type { Notification } from "./notifications.ts";
import { type PlacedStep, type Scenario, titleOf } from "./scenarios.ts";
import type { Trial } from "./trials.ts";

/** What part of a budget of 30 days was spent. */
export interface SpentBudget {
  readonly service: string;
  readonly objective: string;
  /** Such as 99.9. */
  readonly target: string;
  /** The share that was spent of 30 days' budget, from 0. */
  readonly spent: number;
}

/** A game day that is over. Times are in milliseconds since 1970. */
export interface PlayedScenario {
  readonly environment: string;
  readonly name: string;
  readonly scenario: Scenario;
  readonly faster: number;
  readonly programs: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly steps: readonly PlacedStep[];
  readonly trials: readonly Trial[];
  readonly alerts: readonly LoggedAlert[];
  readonly notifications: readonly Notification[];
  readonly budgets: readonly SpentBudget[];
}

/** The debrief of a game day, as Markdown. Times are those of production, from the start. */
export function debriefOf(played: PlayedScenario): string {
  const { scenario, environment, name, faster, programs, from, steps } = played;
  const began = new Date(from).toISOString();
  const services = [...new Set(steps.flatMap(({ targets }) => targets))].filter((each) => each !== CLUSTER);
  const time =
    faster === 1
      ? "Times are from the start."
      : `Times are production's, from the start: here they passed ${faster} times faster.`;
  const cut =
    ageOf(played, played.until) < seconds(scenario.end)
      ? ` **It was stopped at ${at(played, played.until)}, before its end at ${scenario.end}.**`
      : "";
  return `# Game day: ${scenario.title.toLowerCase()}, ${environment}

${scenario.about}

Scenario \`${name}\`, begun on ${began.slice(0, 10)} at ${began.slice(11, 16)} UTC, with ${programs.join(" and ")}. ${time}${cut}

## What was switched

${switched(played)}

## Time to the message

${promises(played)}

## Alerts

${alerts(played)}

## Messages

${messages(played)}

## Error budget

The share of 30 days' budget, at the traffic of the lab. What spans more than the hour before the start holds no requests: an alert over six hours
fires earlier here than in production.

${budgets(played)}

## What was not noticed

${unnoticed(played)}

${reviewTemplate({ name: scenario.title, environment, services, ...times(played) })}`;
}

const MOST_ROWS = 200;

function rows(head: readonly string[], all: readonly (readonly string[])[], otherwise: string): string {
  return table(head, all, MOST_ROWS) || otherwise;
}

function switched({ steps, ...played }: PlayedScenario): string {
  const done = steps.filter((step) => ageOf(played, played.until) >= seconds(step.at));
  return rows(
    ["at", "switched", "fault", "of", "what happened"],
    done.map((step) => [
      minutes(seconds(step.at)),
      step.switch,
      titleOf(step.fault),
      step.targets.map(escaped).join(", "),
      step.what,
    ]),
    "Nothing.",
  );
}

function promises({ trials }: PlayedScenario): string {
  return rows(
    ["fault", "of", "alert", "promised", "measured", "promise"],
    trials.map(({ fault, service, alert, promised, measured }) => [
      titleOf(fault),
      escaped(service),
      code(alert),
      promised === undefined ? "none" : minutes(promised),
      measured === undefined ? "no message" : minutes(measured),
      promised === undefined ? "" : measured !== undefined && measured <= promised ? "kept" : "**broken**",
    ]),
    "No fault was switched on.",
  );
}

function alerts(played: PlayedScenario): string {
  return rows(
    ["alert", "about", "severity", "pending", "firing", "over"],
    played.alerts.map((alert) => [
      code(alert.name),
      escaped(aboutOf(alert)),
      alert.severity,
      at(played, alert.pending),
      at(played, alert.firing),
      at(played, alert.over),
    ]),
    "No alert was pending.",
  );
}

function messages(played: PlayedScenario): string {
  const { notifications } = played;
  const pages = notifications.filter(
    ({ severity, status }) => severity === "critical" && status === "firing",
  );
  const receivers = [...new Set(pages.map(({ receiver }) => receiver))];
  const paged =
    receivers.length === 0
      ? "No one was paged."
      : `${pages.length} ${pages.length === 1 ? "page" : "pages"} to ${receivers.map(escaped).join(", ")}.`;
  const all = rows(
    ["at", "to", "severity", "state", "alerts", "services"],
    notifications.map((message) => [
      at(played, message.at),
      escaped(message.receiver),
      message.severity,
      message.status,
      message.alerts.map(code).join(", "),
      message.services.map(escaped).join(", "),
    ]),
    "No message was sent.",
  );
  return `${paged}\n\n${all}`;
}

function budgets({ budgets: all }: PlayedScenario): string {
  return rows(
    ["service", "objective", "target", "spent"],
    all
      .filter(({ spent }) => spent > 0)
      .map(({ service, objective, target, spent }) => [
        escaped(service),
        escaped(objective),
        `${target}%`,
        `${(spent * 100).toFixed(2)}%`,
      ]),
    "Nothing was spent.",
  );
}

/** Faults without their message, budgets spent without a message, and alerts that fired and are in no message. */
function unnoticed({ trials, alerts: logged, notifications, budgets: all }: PlayedScenario): string {
  const told = new Set(notifications.flatMap(({ services }) => services));
  const sent = (alert: LoggedAlert) =>
    notifications.some(
      ({ alerts: names, services }) =>
        names.includes(alert.name) && (alert.service === undefined || services.includes(alert.service)),
    );
  const faults = trials
    .filter(({ measured }) => measured === undefined)
    .map(
      ({ fault, service, alert }) =>
        `${titleOf(fault)} of ${escaped(service)}: ${code(alert)} is in no message. Was another alert about it enough?`,
    );
  const spent = all
    .filter((each) => each.spent > 0 && !told.has(each.service))
    .map(
      ({ service, objective, spent: share }) =>
        `${escaped(service)} spent ${(share * 100).toFixed(2)}% of the budget of ${escaped(objective)}, and no message names it.`,
    );
  const keptBack = logged
    .filter((alert) => alert.firing !== undefined && !sent(alert))
    .map(
      (alert) =>
        `${code(alert.name)}${aboutOf(alert) === "" ? "" : ` of ${escaped(aboutOf(alert))}`} (${alert.severity}) fired and is in no message: inhibited, waiting for its group, or for dashboards alone.`,
    );
  const found = [...faults, ...spent, ...keptBack];
  return found.length === 0
    ? "Every fault had its message, and every alert that fired is in one."
    : list(
        found.map((each) => `- ${each}`),
        MOST_ROWS,
      );
}

function aboutOf({ service, objective, about }: LoggedAlert): string {
  return [service, objective].filter((each) => each !== undefined).join(" ") || about;
}

/** The times of the review: of the first fault and the first message, and of what ended it. */
function times({ from, until, steps, notifications, ...played }: PlayedScenario) {
  const inProduction = (moment: number) =>
    new Date(from + (moment - from) * played.faster).toISOString().replace(/\.\d+/, "");
  const on = steps.find((step) => step.switch === "on");
  const off = steps.find((step) => step.switch === "off");
  const start = from + (seconds(on?.at ?? "0s") * 1000) / played.faster;
  // A ticket is read the next day: where there are pages, a page is what it is detected by.
  const since = notifications.filter((message) => message.status === "firing" && message.at >= start);
  const first = since.find(({ severity }) => severity === "critical") ?? since[0];
  const isOver = off !== undefined && ageOf({ from, faster: played.faster }, until) >= seconds(off.at);
  return {
    start: inProduction(start),
    ...(first && { detected: inProduction(first.at) }),
    ...(isOver && { mitigated: inProduction(from + (seconds(off.at) * 1000) / played.faster) }),
    end: inProduction(until),
  };
}

type Clock = Pick<PlayedScenario, "from" | "faster">;

/** Seconds of production's time from the start. */
function ageOf({ from, faster }: Clock, moment: number): number {
  return ((moment - from) / 1000) * faster;
}

/** When something was, from the start; "no": it was not. */
function at(clock: Clock, moment: number | undefined): string {
  return moment === undefined ? "no" : minutes(ageOf(clock, moment));
}

/** Seconds as hours, minutes and seconds: 1:04:30. */
function minutes(length: number): string {
  const whole = Math.abs(Math.round(length));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const text = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return `${length < -0.5 ? "-" : ""}${hours > 0 ? `${hours}:` : ""}${text}`;
}

import { z } from "zod";
import { type Duration, duration } from "../core/duration.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, list, text } from "../core/schema.ts";

// When a team's tickets are sent. Pages are sent at every hour.

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
type Day = (typeof DAYS)[number];

const WORKDAYS: readonly Day[] = DAYS.slice(0, 5);

const ZONE = "an IANA time zone such as Europe/Berlin or UTC";

const workingHours = z.strictObject({
  days: list(choice(DAYS), 1, 7)
    .default([...WORKDAYS])
    .meta({ description: "Days of the week." }),
  from: text(/^(?:[01]\d|2[0-3]):[0-5]\d$/, "a time from 00:00 to 23:59").meta({
    description: "Local time at which the hours begin.",
  }),
  to: text(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "a time from 00:01 to 24:00").meta({
    description: "Local time at which the hours end, later than from.",
  }),
  timezone: text(/^(?:UTC|[A-Z]\w+(?:\/[A-Z][\w+-]*){1,2})$/, ZONE).meta({
    description: "Time zone by its IANA name. Its daylight saving time is followed.",
  }),
});

export type WorkingHours = z.output<typeof workingHours>;

/** The hours of a team as far as its settings have them: of its tickets alone. */
export const teamHours = z.strictObject({
  warning: workingHours.optional().meta({
    description:
      "Hours in which warnings are sent. A warning that fires at another time is sent when the hours begin, if it still fires.",
  }),
  critical: z
    .never({ error: "nothing: a critical alert pages at every hour. An alert that can wait is a warning" })
    .optional()
    .meta({ description: "Not allowed: a critical alert pages at every hour." }),
});

/** The name of a team's hours in Alertmanager's `time_intervals`. */
export function intervalName(team: string): string {
  return `hours-of-${team}`;
}

/** An entry of Alertmanager's `time_intervals`. */
export function timeInterval(team: string, { days, from, to, timezone }: WorkingHours) {
  return {
    name: intervalName(team),
    time_intervals: [
      {
        weekdays: DAYS.filter((day) => days.includes(day)),
        times: [{ start_time: from, end_time: to }],
        location: timezone,
      },
    ],
  };
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const DAY = 24 * 60;

/** The shortest time between the end of the hours and their next begin, in minutes; 0 if they never end. */
function shortestBreak({ days, from, to }: WorkingHours): number {
  const length = minutes(to) - minutes(from);
  const next = (day: Day) =>
    [1, 2, 3, 4, 5, 6, 7].find((later) => days.includes(DAYS[(DAYS.indexOf(day) + later) % 7] as Day)) ?? 7;
  return Math.min(...days.map((day) => next(day) * DAY - length));
}

/**
 * The repeat interval of tickets with hours. Alertmanager drops the end of an alert outside its hours, so it takes the next occurrence for
 * the one that it notified, and repeats that after the repeat interval: 1d would hide an alert that was notified at 16:00, ended at night
 * and fires again in the morning until 16:00. An interval that is not longer than the break between hours makes the first evaluation of
 * each hours notify. Not below the repeat interval of a page.
 */
export function repeatWithin(hours: WorkingHours): Duration {
  const [least, most] = [4 * 60, DAY];
  return duration(Math.max(least, Math.min(most, shortestBreak(hours))) * 60);
}

/** `Monday to Friday 09:00 to 17:00 Europe/Berlin`. */
export function hoursInWords({ days, from, to, timezone }: WorkingHours): string {
  return `${daysInWords(DAYS.filter((day) => days.includes(day)))} ${from} to ${to} ${timezone}`;
}

function daysInWords(days: readonly Day[]): string {
  const names = days.map((day) => `${day.charAt(0).toUpperCase()}${day.slice(1)}`);
  const first = DAYS.indexOf(days[0] as Day);
  const isRange = days.length > 2 && days.every((day, index) => DAYS[first + index] === day);
  if (isRange) return `${names[0]} to ${names.at(-1)}`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : `${names[0]}`;
}

/** What is wrong with the hours of a team. */
export function hoursProblems(hours: WorkingHours, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  const { days, from, to, timezone } = hours;
  if (minutes(from) >= minutes(to))
    problems.push({
      path: joinPath(path, ["to"]),
      found: `${shown(to)}, which is not later than ${from}`,
      allowed: `a time later than from (${from}), up to 24:00: the hours begin and end on the same day`,
      fix: "correct from or to",
    });
  for (const [index, day] of days.entries())
    if (days.indexOf(day) < index)
      problems.push({
        path: joinPath(path, ["days", index]),
        found: `${shown(day)} a second time`,
        allowed: "each day once",
        fix: "remove it",
      });
  if (!isTimeZone(timezone))
    problems.push({
      path: joinPath(path, ["timezone"]),
      found: shown(timezone),
      allowed: ZONE,
      fix: "write a name of the IANA time zone database, with its capitals",
    });
  return problems;
}

/** Alertmanager looks a zone up by its exact name; JavaScript ignores case. */
function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() !== name.toLowerCase() || timeZone === name;
  } catch {
    return false;
  }
}

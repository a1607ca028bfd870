import { InvalidInputError, shown } from "../../components/core/problems.ts";

/** Names the day on which the policies judge, `YYYY-MM-DD`. Not set, it is the computer's, in UTC. */
export const TODAY_VARIABLE = "BELLWETHER_TODAY";

/** The day to judge on, from the environment's variables. Throws an InvalidInputError for a day that does not exist. */
export function judgedDay(variables: Readonly<Record<string, string | undefined>>, now: Date): string {
  const day = variables[TODAY_VARIABLE];
  if (day === undefined) return dayOf(now);
  if (dayExists(day)) return day;
  throw new InvalidInputError("environment variables", [
    {
      path: TODAY_VARIABLE,
      found: shown(day),
      allowed: "a day that exists, such as 2027-03-31",
      fix: "correct it, or unset it to use today's date",
    },
  ]);
}

/** Whether a text is a day, written as YYYY-MM-DD. */
export function dayExists(text: string): boolean {
  // Date rolls 2026-02-30 over into March; a day that exists comes back as it went in.
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && dayOf(date) === text;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The day that is so many days after another, both `YYYY-MM-DD`. */
export function dayAfter(day: string, days: number): string {
  return dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000));
}

/**
 * The day that the last days of waivers are measured from: the computer's, or the judged one if that is later. A stack that is judged as of
 * an old day has the waivers of today.
 */
export function writingDay(judged: string, now: Date): string {
  const today = dayOf(now);
  return judged > today ? judged : today;
}

import { type Duration, seconds } from "../../core/duration.ts";
import { UNCLASSIFIED } from "../alerts.ts";

// What the alert on events of an unknown outcome does, worked out event by event.

/** Scrapes in a row with this share of events of an unknown outcome. */
export type Phase = readonly [length: Duration, share: number];

/** What happens from one scrape to the next. */
export interface Step {
  readonly all: number;
  /** Events of an unknown outcome; for counters that do not belong together, those that all events lack. */
  readonly unclear: number;
}

/** The events of an unknown outcome in so many steps before an evaluation. The step of a number ends at the evaluation after it. */
export function unclearIn(steps: readonly Step[], at: number, length: number): number {
  return within(steps, at, length).unclear;
}

function within(steps: readonly Step[], at: number, length: number): Step {
  const held = { all: 0, unclear: 0 };
  for (const { all, unclear } of steps.slice(Math.max(0, at - length), at)) {
    held.all += all;
    held.unclear += unclear;
  }
  return held;
}

/** For each evaluation in which the alert fires: the last one, up to then, in which its condition was true. */
export function lastTrue(
  steps: readonly Step[],
  interval: number,
  budget: number,
  minimum: number,
): readonly (number | undefined)[] {
  const scrapes = (length: (typeof UNCLASSIFIED)[keyof typeof UNCLASSIFIED]) =>
    Math.ceil(seconds(length) / interval);
  const isTrue = (at: number) => {
    const [long, short] = [UNCLASSIFIED.long, UNCLASSIFIED.short].map((window) =>
      within(steps, at, scrapes(window)),
    ) as [Step, Step];
    return long.unclear >= minimum && long.unclear > budget * long.all && short.unclear > budget * short.all;
  };
  let since: number | undefined;
  let last: number | undefined;
  let isFiring = false;
  return Array.from({ length: steps.length + 1 }, (_, at) => {
    if (isTrue(at)) {
      since ??= at;
      last = at;
      isFiring ||= at - since >= scrapes(UNCLASSIFIED.for);
    } else if (!isFiring || last === undefined || at - last > scrapes(UNCLASSIFIED.keepFiring)) {
      since = undefined;
      isFiring = false;
    }
    return isFiring ? last : undefined;
  });
}

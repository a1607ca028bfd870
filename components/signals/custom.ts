import type { RatioSignal } from "./ratio.ts";

/** The SLI of a custom objective, in one of three forms. Each query contains the placeholder for the window. */
export type CustomEvents =
  /** Counts of failed events and of all events. */
  | { readonly errors: string; readonly total: string }
  /** Counts of successful events and of all events. */
  | { readonly good: string; readonly total: string }
  /** The error ratio, from 0 to 1, if the counts are not available. It weighs time and not events. */
  | { readonly errorRatio: string };

/** The three queries in which a definition may tell its events. */
export function queriesOf(events: CustomEvents): readonly string[] {
  return "errorRatio" in events
    ? [events.errorRatio]
    : [events.total, "good" in events ? events.good : events.errors];
}

export interface CustomSignalArgs {
  readonly name: string;
  /** The name of the events, in the plural. */
  readonly unit: string;
  readonly description: string;
  readonly events: CustomEvents;
}

/** The signal of an objective that is defined by queries instead of a convention. */
export function customSignal({ name, unit, description, events }: CustomSignalArgs): RatioSignal {
  const base = { id: `custom-${name}`, unit, description };
  if ("errorRatio" in events)
    return {
      ...base,
      total: { kind: "known seconds", ratio: events.errorRatio },
      errors: { kind: "share of seconds", ratio: events.errorRatio },
    };
  const total = { kind: "query", query: events.total } as const;
  return "good" in events
    ? { ...base, total, errors: { kind: "rest", total: events.total, good: events.good } }
    : { ...base, total, errors: { kind: "query", query: events.errors } };
}

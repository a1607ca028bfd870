import type { RatioSignal } from "./ratio.ts";

/** What an objective of a team's own is measured by: one of three forms. Each query has room for the window. */
export type CustomEvents =
  /** Counts of what went wrong and of everything. */
  | { readonly errors: string; readonly total: string }
  /** Counts of what went well and of everything. */
  | { readonly good: string; readonly total: string }
  /** The share of errors, from 0 to 1, where the counts behind it are not to be had. Weighs time and not events. */
  | { readonly errorRatio: string };

export interface CustomSignalArgs {
  readonly name: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly description: string;
  readonly events: CustomEvents;
}

/** The signal of an objective that is told by queries and by no convention. */
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

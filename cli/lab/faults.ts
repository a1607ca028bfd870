/** What can be wrong with a service of the lab. */
export interface Fault {
  readonly id: string;
  /** A label for its switch. */
  readonly title: string;
  readonly what: string;
  /** The share of events that are bad, as a multiple of the share that the objective allows; `all`: every event. */
  readonly bad?: "all" | number;
  /** The share of events that are neither good nor bad, from 0 to 1. */
  readonly unclassified?: number;
  /** Whether the service answers no scrape. */
  readonly isSilent?: true;
  /** The alert that says it. */
  readonly alert: string;
}

/** The faults, the most urgent first. Each is told by another alert of an objective. */
export const FAULTS: readonly Fault[] = [
  {
    id: "outage",
    title: "Outage",
    what: "every request fails or is too slow",
    bad: "all",
    alert: "SLOErrorBudgetBurnFast",
  },
  {
    id: "errors",
    title: "Slow leak of the budget",
    what: "three times as many requests fail as the objective allows",
    bad: 3,
    alert: "SLOErrorBudgetBurnSlow",
  },
  {
    id: "silence",
    title: "No metrics",
    what: "the service answers no scrape",
    isSilent: true,
    alert: "SLOSignalAbsent",
  },
  {
    id: "unclassified",
    title: "Unknown status",
    what: "a tenth of the requests has a status that the objective does not know",
    unclassified: 0.1,
    alert: "SLOSignalUnclassified",
  },
];

export function faultOf(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id);
}

// What happens in the recorded hour. Minutes count from the start of the hour; the picture's last point is minute 60.

/** Seconds between two scrapes and between two evaluations, as production has them. */
export const SCRAPE = 30;
/** Minutes that are recorded. */
export const HOUR = 60;
/** The minute at which version 2 of the storefront is rolled out, and at which it is rolled back. */
export const ROLLED_OUT = 20;
export const ROLLED_BACK = 40;

/** The service whose rollout goes wrong. */
export const SERVICE = "storefront";
export const NAMESPACE = "shop";

/** The share of requests that fail meanwhile: the pods of version 1 that are left turn them away. */
export const FAILING = 1 / 6;

export const INCIDENT = {
  what: "a bad rollout of storefront: its new pods crash-loop, and a sixth of its requests fail",
  from: ROLLED_OUT,
  to: ROLLED_BACK,
} as const;

/** Seconds that a new pod runs before it crashes. */
const RUNS = 25;
/** Seconds that a kubelet waits before each restart: it doubles from 10 seconds to 5 minutes. */
const BACKOFF = [10, 20, 40, 80, 160, 300, 300, 300, 300];

/** A container of the new version so many seconds after its pod started. */
export interface ContainerState {
  readonly restarts: number;
  readonly isRunning: boolean;
}

export function crashLooping(seconds: number): ContainerState {
  let left = seconds;
  for (const [restarts, wait] of BACKOFF.entries()) {
    if (left < RUNS) return { restarts, isRunning: true };
    left -= RUNS;
    if (left < wait) return { restarts, isRunning: false };
    left -= wait;
  }
  return { restarts: BACKOFF.length, isRunning: true };
}

/** The minute whose numbers and tables are recorded: the alerts of the incident fire. */
export const AS_OF = 38;

/** Whether the incident lasts, so many seconds after the start of the hour. */
export function inIncident(second: number): boolean {
  return second >= ROLLED_OUT * 60 && second < ROLLED_BACK * 60;
}

import { InvalidInputError, shown } from "../core/problems.ts";

/** How long Amazon Managed Grafana lets a service account's token live, at most (CreateWorkspaceServiceAccountToken, API reference). */
export const TOKEN_LIFETIME_DAYS = 30;

/**
 * How long one token is in use. A third of its life: it waits for its turn for up to ten days, is used for up to ten, and is still
 * good for ten more, so that what runs between two deployments (`pulumi refresh`, `pulumi destroy`) finds it alive.
 */
export const ROTATION_DAYS = 10;

const SLOTS = ["even", "odd"] as const;

/** One of the two tokens that take turns. The slot is its identity: what stands in a slot is replaced when its turn is over. */
export type TokenSlot = (typeof SLOTS)[number];

/** A token, and the days on which it is used; both included, as YYYY-MM-DD in UTC. */
export interface PlannedToken {
  readonly slot: TokenSlot;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The two tokens that exist on a day: the one in use, and the one that takes over after it. */
export interface TokenPlan {
  readonly inUse: PlannedToken;
  readonly next: PlannedToken;
}

/**
 * Which tokens exist on a day. The next one is made a turn ahead, so that on the day of the change the token that takes over is
 * known already: a preview then compares every dashboard as on any other day. Whoever deploys after a longer pause gets two new ones.
 *
 * Throws an InvalidInputError for a day that does not exist.
 */
export function tokenPlan(today: string): TokenPlan {
  const turn = Math.floor(dayNumber(today) / ROTATION_DAYS);
  return { inUse: plannedFor(turn), next: plannedFor(turn + 1) };
}

/** The tokens of a plan by slot, in the order of the slots. */
export function tokensOf({ inUse, next }: TokenPlan): readonly PlannedToken[] {
  return SLOTS.map((slot) => (inUse.slot === slot ? inUse : next));
}

/** What the token is called in Grafana: a name is taken once, so each turn and each generation has its own. */
export function tokenName(account: string, generation: number, { firstDay }: PlannedToken): string {
  return `${account}-${generation}-${firstDay}`;
}

/** The first day of use that a token's name tells; undefined for a name that tells none, whose token nobody replaces. */
export function firstDayIn(name: string): string | undefined {
  return /-(\d{4}-\d{2}-\d{2})$/.exec(name)?.[1];
}

const DAY = 86_400_000;

function plannedFor(turn: number): PlannedToken {
  const first = turn * ROTATION_DAYS;
  return {
    slot: turn % 2 === 0 ? "even" : "odd",
    firstDay: dayText(first),
    lastDay: dayText(first + ROTATION_DAYS - 1),
  };
}

function dayNumber(day: string): number {
  const time = Date.parse(`${day}T00:00:00Z`);
  // Date rolls 2026-02-30 over into March; a day that exists comes back as it went in.
  if (!Number.isNaN(time) && dayText(time / DAY) === day) return time / DAY;
  throw new InvalidInputError("The day of the deployment", [
    {
      path: "BELLWETHER_TODAY",
      found: shown(day),
      allowed: "a day that exists, such as 2027-03-31",
      fix: "correct it, or unset it to deploy as of today",
    },
  ]);
}

function dayText(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

import { InvalidInputError, shown } from "../core/problems.ts";

/** Maximum lifetime of a service account token in Amazon Managed Grafana (CreateWorkspaceServiceAccountToken, API reference). */
export const TOKEN_LIFETIME_DAYS = 30;

/**
 * How many days one token is in use: a third of its lifetime. A token is created up to 10 days before its use, is used for 10 days, and
 * stays valid for 10 more days, so that `pulumi refresh` and `pulumi destroy` between two deployments work.
 */
export const ROTATION_DAYS = 10;

const SLOTS = ["even", "odd"] as const;

/** One of the two tokens that alternate. The token of a slot is replaced when its use ends. */
type TokenSlot = (typeof SLOTS)[number];

/** A token, and the first and last day of its use, inclusive, as YYYY-MM-DD in UTC. */
export interface PlannedToken {
  readonly slot: TokenSlot;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** The two tokens that exist on a day: the current one and the next one. */
export interface TokenPlan {
  readonly inUse: PlannedToken;
  readonly next: PlannedToken;
}

/**
 * Which tokens exist on a day. The next token is created 10 days before its use, so that on the day of the change its key is already
 * known and a preview can compare the dashboards. After a pause of more than 20 days both tokens are new.
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

/** The name of the token in Grafana. Names are unique, so it contains the generation and the first day. */
export function tokenName(account: string, generation: number, { firstDay }: PlannedToken): string {
  return `${account}-${generation}-${firstDay}`;
}

/** The first day of use in a token's name; undefined if the name contains none: such a token is not rotated. */
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
  // Date converts 2026-02-30 to a day in March, so only an existing day is unchanged.
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

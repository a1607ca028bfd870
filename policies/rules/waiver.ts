import { z } from "zod";
import { type Problem, shown } from "../../components/core/problems.ts";
import { dnsLabel, list, reasonLine, text } from "../../components/core/schema.ts";
import { nearest, type Validated, validate } from "../../components/core/validation.ts";
import { dayAfter } from "./today.ts";

/** So many days after today a waiver may end, at most: what is wrong for longer needs a decision and no waiver. */
const LONGEST_WAIVER = 90;

/** So many days before its last one a waiver is brought to mind. */
const ENDS_SOON = 14;

export const waiverSchema = z.strictObject({
  policy: text(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "the id of a policy, such as pinned-image").meta({
    description: "The id of a policy.",
  }),
  resource: text(
    /^[^\s]{1,500}$/,
    "the logical name of a resource, or a URN in which * matches any characters",
  ).meta({ description: "The logical name of a resource, or a URN in which * matches any characters." }),
  environments: list(text(/^[A-Za-z0-9._-]{1,100}$/, "the name of a stack, such as prod"), 1, 50).meta({
    description: "The names of the stacks that it is valid for.",
  }),
  owner: dnsLabel().meta({ description: "The team that is responsible for the fix." }),
  reason: reasonLine(),
  expires: z.iso
    .date({ error: "a day that exists, such as 2027-02-20" })
    .meta({ description: `The last day, as YYYY-MM-DD: at most ${LONGEST_WAIVER} days from today.` }),
});

/** A violation that somebody answers for, until a day. */
export type Waiver = Readonly<z.output<typeof waiverSchema>>;

/** What waivers are checked against. */
export interface WaiverContext {
  readonly policyIds: readonly string[];
  /** The day that last days are measured from, `YYYY-MM-DD`: `writingDay` of today.ts. */
  readonly today: string;
  /** The stacks that exist; left out where that is not known. */
  readonly environments?: readonly string[];
}

/**
 * The waivers, or every mistake in them: in shape, in a policy or an environment that does not exist, in a day that is too far away, in one
 * that says the same twice.
 */
export function validateWaivers(waivers: unknown, context: WaiverContext): Validated<readonly Waiver[]> {
  const shape = validate(z.array(waiverSchema, { error: "a list of waivers" }), waivers, "waivers");
  const parts = Array.isArray(waivers) ? waivers.map(soundPart) : [];
  const problems = parts.flatMap((waiver, index) => [
    ...unknownNames(waiver, index, context),
    ...tooFarAway(waiver, `waivers[${index}]`, context.today),
    ...saidBefore(waiver, index, parts),
  ]);
  if (problems.length === 0) return shape;
  return { ok: false, problems: [...(shape.ok ? [] : shape.problems), ...problems] };
}

/** The fields whose shape is right: they are judged even where another field is wrong, so that every mistake is told at once. */
function soundPart(raw: unknown): Partial<Waiver> {
  const fields = raw !== null && typeof raw === "object" ? (raw as Readonly<Record<string, unknown>>) : {};
  return Object.fromEntries(
    Object.entries(waiverSchema.shape)
      .map(([name, schema]) => [name, schema.safeParse(fields[name])] as const)
      .flatMap(([name, { success, data }]) => (success ? [[name, data]] : [])),
  );
}

function unknownNames(
  { policy, environments = [] }: Partial<Waiver>,
  index: number,
  { policyIds, environments: known }: WaiverContext,
): Problem[] {
  const problems: Problem[] = [];
  if (policy !== undefined && !policyIds.includes(policy)) {
    const near = nearest(policy, policyIds);
    problems.push({
      path: `waivers[${index}].policy`,
      found: shown(policy),
      allowed: "the id of a policy, as docs/reference/policies/README.md lists them",
      fix:
        near === undefined ? "correct the id, or remove the waiver if its policy is gone" : `write ${near}`,
    });
  }
  for (const [at, name] of environments.entries())
    if (known?.includes(name) === false)
      problems.push({
        path: `waivers[${index}].environments[${at}]`,
        found: `an environment that does not exist, ${shown(name)}`,
        allowed: known.length > 0 ? `one of ${known.join(", ")}` : "there is none",
        fix: "correct the name, or remove it if the environment is gone",
      });
  return problems;
}

/** A last day that is further away than a waiver may last. */
export function tooFarAway(
  { expires }: { readonly expires?: string },
  path: string,
  today: string,
): Problem[] {
  const last = dayAfter(today, LONGEST_WAIVER);
  if (expires === undefined || expires <= last) return [];
  return [
    {
      path: `${path}.expires`,
      found: shown(expires),
      allowed: `a day up to ${last}, which is ${LONGEST_WAIVER} days from ${today}`,
      fix: `write ${last} or an earlier day`,
    },
  ];
}

function saidBefore(waiver: Partial<Waiver>, index: number, all: readonly Partial<Waiver>[]): Problem[] {
  const first = all.findIndex(
    ({ policy, resource, environments = [] }) =>
      policy !== undefined &&
      policy === waiver.policy &&
      resource === waiver.resource &&
      environments.some((name) => waiver.environments?.includes(name)),
  );
  if (first < 0 || first >= index) return [];
  return [
    {
      path: `waivers[${index}]`,
      found: `the policy and resource of waivers[${first}], in an environment of both`,
      allowed: "one waiver for each",
      fix: "keep one of the two",
    },
  ];
}

/** What a waiver makes of a violation; its prefix belongs in front of the violation's message. */
export type WaiverState =
  | { readonly state: "none" }
  | {
      readonly state: "waived" | "expired" | "not theirs";
      readonly waiver: Waiver;
      readonly prefix: string;
    };

/**
 * The state of a violation on `today` (`YYYY-MM-DD`). A waiver holds through the day it names and is void from the next. `openedBy` names the
 * owners whose waivers are valid; none is every owner.
 */
export function waiverState(
  waivers: readonly Waiver[],
  policy: string,
  urn: string | undefined,
  today: string,
  openedBy: readonly string[] = [],
): WaiverState {
  const about = waivers.filter((waiver) => covers(waiver, policy, urn));
  const matching = about.filter(({ owner }) => openedBy.length === 0 || openedBy.includes(owner));
  const valid = matching.find(({ expires }) => expires >= today);
  if (valid !== undefined)
    return {
      state: "waived",
      waiver: valid,
      prefix: `[waived until ${valid.expires}${hurry(valid, today)} by ${valid.owner}: ${valid.reason}]`,
    };
  const [expired] = matching;
  const [other] = about;
  if (expired === undefined && other !== undefined)
    return {
      state: "not theirs",
      waiver: other,
      prefix: `[the waiver by ${other.owner} is not valid for this policy; only one by ${openedBy.join(" or ")} is]`,
    };
  if (expired === undefined) return { state: "none" };
  return {
    state: "expired",
    waiver: expired,
    prefix: `[the waiver by ${expired.owner} expired on ${expired.expires} and is not valid]`,
  };
}

/** The days that are left, near the end. */
function hurry(waiver: Waiver, today: string): string {
  if (!endsSoon(waiver, today)) return "";
  const days = Math.round((Date.parse(waiver.expires) - Date.parse(today)) / 86_400_000);
  return days === 0 ? ", its last day," : ` (${days} ${days === 1 ? "day" : "days"} left)`;
}

/** Whether a waiver that holds ends within two weeks. */
export function endsSoon({ expires }: { readonly expires: string }, today: string): boolean {
  return expires >= today && expires <= dayAfter(today, ENDS_SOON);
}

/** Whether a waiver is about a finding of a policy on a resource, whatever the day. */
export function covers(waiver: Waiver, policy: string, urn: string | undefined): boolean {
  if (urn === undefined || waiver.policy !== policy) return false;
  // urn:pulumi:<stack>::<project>::<type chain>::<name>; a name may hold "::" itself.
  const [stack = "", , , ...name] = urn.split("::");
  if (!waiver.environments.some((environment) => stack === `urn:pulumi:${environment}`)) return false;
  return waiver.resource === name.join("::") || globMatches(waiver.resource, urn);
}

function globMatches(pattern: string, urn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(urn);
}

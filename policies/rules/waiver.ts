import { z } from "zod";
import { InvalidInputError, type Problem, shown } from "../../components/core/problems.ts";
import { dnsLabel, text } from "../../components/core/schema.ts";
import { type Validated, validate } from "../../components/core/validation.ts";

const waiverSchema = z.strictObject({
  policy: text(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "the id of a policy, such as pinned-image"),
  resource: text(
    /^[^\s]{1,500}$/,
    "the logical name of a resource, or a URN in which * matches any characters",
  ),
  environment: dnsLabel(),
  owner: dnsLabel(),
  reason: text(/^\S.{18,298}\S$/, "one line of 20 to 300 characters with the reason"),
  expires: z.iso.date({ error: "a day that exists, such as 2027-03-31" }),
});

/** A violation that somebody answers for, until a day. */
export type Waiver = Readonly<z.output<typeof waiverSchema>>;

/** The waivers, or every mistake in them: in shape, in a policy that does not exist, in one that says the same twice. */
export function validateWaivers(
  waivers: readonly unknown[],
  policyIds: readonly string[],
): Validated<readonly Waiver[]> {
  const shape = validate(z.array(waiverSchema), waivers, "waivers");
  if (!shape.ok) return shape;
  const problems = shape.value.flatMap((waiver, index) =>
    rulesBetween(waiver, index, shape.value, policyIds),
  );
  return problems.length === 0 ? shape : { ok: false, problems };
}

/** The waivers of policies/waivers.ts. Throws an InvalidInputError that lists every mistake in them. */
export function checkedWaivers(waivers: readonly unknown[], policyIds: readonly string[]): readonly Waiver[] {
  const validated = validateWaivers(waivers, policyIds);
  if (!validated.ok) throw new InvalidInputError("policies/waivers.ts", validated.problems);
  return validated.value;
}

function rulesBetween(
  waiver: Waiver,
  index: number,
  all: readonly Waiver[],
  policyIds: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  if (!policyIds.includes(waiver.policy))
    problems.push({
      path: `waivers[${index}].policy`,
      found: shown(waiver.policy),
      allowed: "the id of a policy of the pack, as docs/how-to/policies.md lists them",
      fix: "correct the id, or remove the waiver if its policy is gone",
    });
  const first = all.findIndex(
    (other) =>
      other.policy === waiver.policy &&
      other.resource === waiver.resource &&
      other.environment === waiver.environment,
  );
  if (first < index)
    problems.push({
      path: `waivers[${index}]`,
      found: `the same policy, resource and environment as waivers[${first}]`,
      allowed: "one waiver for each",
      fix: "keep one of the two",
    });
  return problems;
}

/** What a waiver makes of a violation. */
export type WaiverState =
  | { readonly state: "none" }
  | { readonly state: "waived"; readonly prefix: string }
  | { readonly state: "expired"; readonly prefix: string };

/**
 * The state of a violation on `today` (`YYYY-MM-DD`). A waiver holds through the day it names and is void from the next; the
 * prefix belongs in front of the violation's message.
 */
export function waiverState(
  waivers: readonly Waiver[],
  policy: string,
  urn: string | undefined,
  today: string,
): WaiverState {
  if (urn === undefined) return { state: "none" };
  const matching = waivers.filter((waiver) => waiver.policy === policy && covers(waiver, urn));
  const valid = matching.find(({ expires }) => expires >= today);
  if (valid !== undefined)
    return {
      state: "waived",
      prefix: `[waived until ${valid.expires} by ${valid.owner}: ${valid.reason}]`,
    };
  const [expired] = matching;
  if (expired === undefined) return { state: "none" };
  return {
    state: "expired",
    prefix: `[the waiver by ${expired.owner} expired on ${expired.expires} and is not valid]`,
  };
}

function covers(waiver: Waiver, urn: string): boolean {
  // urn:pulumi:<stack>::<project>::<type chain>::<name>; a name may hold "::" itself.
  const [stack = "", , , ...name] = urn.split("::");
  if (stack !== `urn:pulumi:${waiver.environment}`) return false;
  return waiver.resource === name.join("::") || globMatches(waiver.resource, urn);
}

function globMatches(pattern: string, urn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(urn);
}

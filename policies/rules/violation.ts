import type { ResourceView } from "./resource.ts";
import { NotVisible, NotYetKnown, type Value } from "./value.ts";

/** One thing that a policy found. */
export interface Violation {
  /**
   * What is wrong, as a sentence without its full stop. It names objects, containers, alerts and properties, and never shows
   * a property's value unless the value cannot be a secret: policies see secrets in plain text.
   */
  readonly what: string;
  /** The resource that is meant, where a check of the whole stack finds something; a resource's own check leaves it out. */
  readonly urn?: string;
  /**
   * Set where nothing was judged: true because what decides is known only after deployment, "not visible" because it is no resource of
   * this stack. Never a failure, never silent.
   */
  readonly undecided?: true | "not visible";
  /** Somebody answers for this one finding, until a day: it is told and refuses nothing. */
  readonly snoozed?: { readonly owner: string; readonly expires: string; readonly reason: string };
}

/** Something wrong with a resource, in a check of the whole stack. */
export function against(resource: ResourceView, what: string): Violation {
  return { what, urn: resource.urn };
}

/** What a judge may answer: nothing, one sentence, several, or violations that are complete already. */
export type Verdict = undefined | string | readonly (string | Violation)[];

/**
 * Judges one thing on its own: a value inside that is known only after deployment leaves this one thing undecided, and the
 * finding says so; everything beside it is still judged.
 */
export function judge(verdict: () => Verdict, resource?: ResourceView): Violation[] {
  const urn = resource === undefined ? {} : { urn: resource.urn };
  try {
    const found = verdict() ?? [];
    const list = typeof found === "string" ? [found] : found;
    return list.map((item) => (typeof item === "string" ? { what: item, ...urn } : item));
  } catch (error) {
    if (error instanceof NotVisible) return [{ what: error.message, undecided: "not visible", ...urn }];
    if (!(error instanceof NotYetKnown)) throw error;
    return [{ what: error.message, undecided: true, ...urn }];
  }
}

/** Judges every one of a list of values on its own: see {@link judge}. */
export function judgeEach(values: readonly Value[], verdict: (value: Value) => Verdict): Violation[] {
  return values.flatMap((value) => judge(() => verdict(value)));
}

/** Judges every one of a list of resources on its own: see {@link judge}. */
export function judgeResources<Resource extends ResourceView>(
  resources: readonly Resource[],
  verdict: (resource: Resource) => Verdict,
): Violation[] {
  return resources.flatMap((resource) => judge(() => verdict(resource), resource));
}

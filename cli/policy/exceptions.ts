import type { PackConfig } from "./judgement.ts";
import type { PolicyResult } from "./verdict.ts";

/** A policy exception as Pulumi's CLI reads it. */
interface Exception {
  readonly reason: string;
  readonly match: readonly { readonly policies: readonly string[]; readonly targets: readonly string[] }[];
}

/** The second form of the file of `--policy-pack-config`. */
export interface ConfigWithExceptions {
  readonly version: 2;
  readonly policies: PackConfig;
  /** By an id of letters, digits, `-`, `.` and `_`. */
  readonly exceptions: Readonly<Record<string, Exception>>;
}

/**
 * The violations that are waived, as exceptions of Pulumi's own beside the levels, so that the engine itself calls them exempted. It compares
 * URNs as they are and knows no last day, so this holds for the day of the preview alone. Undefined where nothing is waived.
 */
export function policyExceptions(
  config: PackConfig,
  results: readonly PolicyResult[],
): ConfigWithExceptions | undefined {
  const targets = new Map<string, { readonly result: PolicyResult; readonly urns: Set<string> }>();
  for (const result of results) {
    if (result.waived === undefined || result.urn === null) continue;
    const key = JSON.stringify([result.policy, result.waived]);
    const known = targets.get(key) ?? { result, urns: new Set() };
    known.urns.add(result.urn);
    targets.set(key, known);
  }
  if (targets.size === 0) return undefined;
  const numbers = new Map<string, number>();
  const exceptions = [...targets.values()].map(({ result: { policy, waived }, urns }) => {
    const number = (numbers.get(policy) ?? 0) + 1;
    numbers.set(policy, number);
    const exception: Exception = {
      reason: `${waived?.reason} (${waived?.owner}, until ${waived?.expires})`,
      match: [{ policies: [policy], targets: [...urns].sort() }],
    };
    return [`${policy}.${number}`, exception] as const;
  });
  return { version: 2, policies: config, exceptions: Object.fromEntries(exceptions) };
}

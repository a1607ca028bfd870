import type { Recording } from "../recording/monitor.ts";

/** How strictly a policy is enforced. */
export type Level = "mandatory" | "advisory" | "disabled";

/**
 * A pack's configuration, as `pulumi policy` takes it: levels and properties by policy, and under `all` the level of every
 * policy that is not named.
 */
export type PackConfig = {
  readonly [policy: string]:
    | Level
    | "remediate"
    | { readonly enforcementLevel?: Level | "remediate"; readonly [property: string]: unknown };
};

/** What a policy said of a stack. */
export interface Diagnostic {
  readonly pack: string;
  readonly policy: string;
  readonly level: "mandatory" | "advisory";
  readonly severity: "low" | "medium" | "high" | "critical" | undefined;
  readonly urn: string | undefined;
  readonly message: string;
}

/** A stack to be judged. */
export interface Judged {
  readonly project: string;
  readonly stack: string;
  readonly recording: Recording;
  readonly config: PackConfig;
}

/** What a pack says of a stack. */
export interface Judgement {
  /** How many of its policies were asked; a disabled one is not. */
  readonly asked: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a configuration sets for a policy; no level where it leaves it to the policy. */
export function settingsOf(
  config: PackConfig,
  policy: string,
): {
  readonly level: Level | "remediate" | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
} {
  const given = config[policy];
  const all = config["all"];
  const inherited = typeof all === "string" ? all : all?.enforcementLevel;
  if (given === undefined || typeof given === "string") return { level: given ?? inherited, properties: {} };
  const { enforcementLevel, ...properties } = given;
  return { level: enforcementLevel ?? inherited, properties };
}

/** The order of diagnostics: by pack, policy, resource and message. */
export function byKey(a: Diagnostic, b: Diagnostic): number {
  return sortKey(a) < sortKey(b) ? -1 : 1;
}

function sortKey({ pack, policy, urn, message }: Diagnostic): string {
  return [pack, policy, urn ?? "", message].join("\u0000");
}

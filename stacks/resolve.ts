import { workloadOwners } from "../components/alertmanager/model.ts";
import type { Problem } from "../components/core/problems.ts";
import { nearest, type Validated, validate } from "../components/core/validation.ts";
import { awsHeartbeat, heartbeatTopicArn } from "../components/heartbeat/model.ts";
import { runsIn } from "../components/service/model.ts";
import { namespacesOf } from "../components/workloads/model.ts";
import { type Environment, environmentSchema, TIERS, type Tier } from "./environment.ts";
import { bothNamesProblems, renamedFieldsIn, withNamesOfFile, withNewNames } from "./renamed-fields.ts";
import type { RuleContext } from "./rules/rule.ts";
import { ENVIRONMENT_RULES, secretsOf } from "./rules.ts";
import { withServedAddresses } from "./served-addresses.ts";
import { type Defaults, defaultsOf, withDefaults } from "./tiers.ts";

/**
 * An environment from what its stack's file says: the tier's defaults below it, its shape checked, then every rule between
 * fields. Problems come all at once: a rule is left out only where a section that it reads has no right shape.
 */
export function resolveEnvironment(raw: unknown, context: RuleContext): Validated<Environment> {
  const renamed = renamedFieldsIn(raw);
  const merged = withServedAddresses(withDefaults(defaultsFor(raw), withNewNames(raw)));
  const shape = validate(environmentSchema, merged, "environment");
  const problems = [
    ...bothNamesProblems(raw),
    ...[...(shape.ok ? [] : shape.problems), ...ruleProblems(merged, shape, context)].map((problem) =>
      withNamesOfFile(problem, renamed),
    ),
  ];
  if (!shape.ok || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: withOwners(shape.value, context) };
}

/** The environment with the owners of its namespaces, so that all that reads its routing sees the same. */
function withOwners(environment: Environment, { services }: RuleContext): Environment {
  const { name, owner, aws, alertmanager } = environment;
  const heartbeat = awsHeartbeat(alertmanager);
  const running = services.filter((service) => runsIn(service, name));
  const workloads = workloadOwners(alertmanager, owner, running, namespacesOf(environment));
  const topic = heartbeat &&
    aws && { heartbeatTopic: heartbeatTopicArn(name, heartbeat.region, aws.accountId) };
  return { ...environment, alertmanager: { ...alertmanager, workloads, ...topic } };
}

function ruleProblems(merged: unknown, shape: Validated<Environment>, context: RuleContext): Problem[] {
  const sections = sectionsWithRightShape(merged);
  const environment = shape.ok ? shape.value : (sections as unknown as Environment);
  return ENVIRONMENT_RULES.filter(
    (rule) => shape.ok || rule.reads.every((section) => section in sections),
  ).flatMap((rule) => rule.check(environment, context));
}

/** The sections that are right by themselves, parsed; a section that may be left out and is, counts as right. */
function sectionsWithRightShape(merged: unknown): Partial<Environment> {
  if (merged === null || typeof merged !== "object") return {};
  const given = merged as Record<string, unknown>;
  const parsed = Object.entries(environmentSchema.shape).flatMap(([section, schema]) => {
    const result = schema.safeParse(given[section]);
    return result.success ? [[section, result.data] as const] : [];
  });
  return Object.fromEntries(parsed) as Partial<Environment>;
}

/** The tier's defaults. Where the tier is wrong, those of the one that was meant, so that the rest is measured by something. */
function defaultsFor(raw: unknown): Defaults {
  const { tier, aws } = (raw ?? {}) as { readonly tier?: unknown; readonly aws?: unknown };
  if (isTier(tier)) return defaultsOf(tier, raw);
  const meant = typeof tier === "string" ? nearest(tier, TIERS) : undefined;
  return defaultsOf(isTier(meant) ? meant : aws === undefined ? "local" : "production", raw);
}

function isTier(value: unknown): value is Tier {
  return TIERS.some((tier) => tier === value);
}

/**
 * The secrets that must be set before anything is created: the key of each below `bellwether:`, once, with the first field
 * that names it.
 */
export function requiredSecrets(
  environment: Environment,
): readonly { readonly name: string; readonly path: string }[] {
  const byName = new Map(
    secretsOf(environment)
      .toReversed()
      .map((secret) => [secret.name, secret]),
  );
  return [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
}

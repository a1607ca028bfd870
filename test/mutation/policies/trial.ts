import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { EXCLUSIONS } from "../../../components/grafana/lint/exclusions.ts";
import type { ErrorBudgets } from "../../../policies/rules/error-budgets.ts";
import { policies } from "../../../policies/rules/index.ts";
import type { Policy } from "../../../policies/rules/policy.ts";
import type { StackResource } from "../../../policies/rules/resource.ts";
import type { Violation } from "../../../policies/rules/violation.ts";
import { BREAKS } from "../../policies/breaks/index.ts";
import { resourcesOf, TODAY, urnOf } from "../../policies/compliant-stack/fixture.ts";
import { compliantStack } from "../../policies/compliant-stack/index.ts";
import { CASES } from "../../policies/corpus/case.ts";
import { judgementsOf, snoozesAsStated } from "../../policies/corpus/violations.ts";
import { BUDGET_CASES } from "../../policies/error-budget-cases.ts";
import { setsAll } from "../../policies/remedy-cases.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { type SourceMutant, sourceMutants } from "./source.ts";

// Tries mutants of the policies' sources on the cases that the tests have.

const RULES = fileURLToPath(new URL("../../../policies/rules/", import.meta.url));

/** A mutant of the file of a policy. */
export interface PolicyMutant extends SourceMutant {
  readonly policy: string;
  readonly file: string;
}

export interface TriedPolicy {
  readonly policy: string;
  readonly what: string;
  readonly fate: "killed" | "survived" | "equivalent";
}

/** The mutants of every policy, or of those that are named. */
export function policyMutants(only: ReadonlySet<string> = new Set()): readonly PolicyMutant[] {
  const ids = new Set(policies.map(({ id }) => id));
  return (readdirSync(RULES, { recursive: true }) as string[])
    .map((name) => ({ file: join(RULES, name), policy: /([^/]+)\.ts$/.exec(name)?.[1] ?? "" }))
    .filter(({ policy }) => ids.has(policy) && (only.size === 0 || only.has(policy)))
    .sort((a, b) => (a.policy < b.policy ? -1 : 1))
    .flatMap(({ file, policy }) =>
      sourceMutants(readFileSync(file, "utf8")).map((mutant) => ({ ...mutant, file, policy })),
    );
}

/** A stack, and whether a policy's violations of it are what the tests ask for. */
interface Trial {
  readonly policy: string | undefined;
  readonly resources: readonly StackResource[];
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Other policies that may say something of it. */
  readonly beside?: readonly string[];
  readonly snoozed?: readonly string[];
  readonly budgets?: ErrorBudgets;
  /** The resources are sound to its policy alone; no other is asked. */
  readonly isAlone?: true;
  readonly passes: (found: readonly Violation[]) => boolean;
}

const nothing = (found: readonly Violation[]) => found.length === 0;

// As corpus.test.ts and rules.test.ts have it.
const TRIALS: readonly Trial[] = [
  { policy: undefined, resources: resourcesOf(compliantStack()), settings: undefined, passes: nothing },
  ...CASES.map(
    ({ policy, stack, config, verdict, says, at, beside, snoozed }): Trial => ({
      policy,
      beside,
      ...(snoozed && { snoozed }),
      resources: resourcesOf(stack),
      settings: config,
      passes: (found) =>
        verdict === "sound"
          ? nothing(found)
          : found.every(({ undecided }) => (undecided !== undefined) === (verdict === "unknown")) &&
            found.some(({ what }) => what.includes(says)) &&
            (at === undefined || found.some(({ urn }) => urn === urnOf(stack[at]?.type ?? "none", at))),
    }),
  ),
  ...BREAKS.map(
    ({ policy, stack, at, says }): Trial => ({
      policy,
      resources: resourcesOf(stack),
      settings: undefined,
      passes: ([one, ...others]) =>
        one !== undefined &&
        others.length === 0 &&
        one.what.includes(says) &&
        one.urn === urnOf(stack[at]?.type ?? "none", at),
    }),
  ),
  // As error-budget.test.ts has it.
  ...BUDGET_CASES.map(
    ({ budgets, settings, resource, says, undecided }): Trial => ({
      policy: "error-budget",
      resources: [resource],
      settings,
      isAlone: true,
      ...(budgets && { budgets }),
      passes: (found) =>
        says === undefined
          ? nothing(found)
          : found.length === 1 && found[0]?.what === says && found[0].undecided === undecided,
    }),
  ),
];

/** Whether a policy does what a case asks of it; the cases of others ask it to say nothing. */
function passesOne(policy: Policy, trial: Trial): boolean {
  const { resources, settings, policy: of, beside, snoozed, budgets, passes } = trial;
  const isOwn = of === policy.id;
  const judgements = judgementsOf(policy, resources, {
    today: TODAY,
    exclusions: EXCLUSIONS,
    ...(budgets && { budgets }),
    ...(isOwn && settings !== undefined && { settings }),
  });
  const found = judgements.filter((one) => one.snoozed === undefined);
  if (isOwn) return passes(found) && snoozesAsStated(judgements, snoozed);
  return nothing(found) || beside?.includes(policy.id) === true;
}

/** Whether a policy does what every case asks of it, its own first. */
function passesAll(policy: Policy): boolean {
  const own = TRIALS.filter((trial) => trial.policy === policy.id);
  const others = TRIALS.filter((trial) => trial.policy !== policy.id && !trial.isAlone);
  try {
    return [...own, ...others].every((trial) => passesOne(policy, trial)) && setsAll(policy);
  } catch {
    // A mutant that throws fails each test that asks it.
    return false;
  }
}

/** Tries each mutant. Throws an Error where a case fails for a policy as it is. */
export async function attemptPolicies(
  mutants: readonly PolicyMutant[],
  progress: (done: number) => void = () => undefined,
): Promise<readonly TriedPolicy[]> {
  const folder = mkdtempSync(join(tmpdir(), "policy-mutants-"));
  try {
    // As CommonJS a mutant would have a second copy of what it imports, whose NotYetKnown is another class.
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
    const write = (name: string, source: string, file: string): string => {
      const path = join(folder, `${name}.ts`);
      writeFileSync(path, withAbsoluteImports(source, dirname(file)));
      return path;
    };
    const files = new Map(mutants.map(({ policy, file }) => [policy, file]));
    for (const [policy, file] of files) {
      const path = write(policy, readFileSync(file, "utf8"), file);
      if (!(await passes(policy, path))) throw new Error(`the cases fail for ${policy} as it is`);
    }
    const tried: TriedPolicy[] = [];
    for (const [index, { policy, what, source, file }] of mutants.entries()) {
      const survives = await passes(policy, write(`mutant-${index}`, source, file));
      tried.push({ policy, what, fate: survives ? fateOfSurvivor(policy, what) : "killed" });
      if (index % 50 === 49) progress(index + 1);
    }
    return tried;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function passes(id: string, path: string): Promise<boolean> {
  const exported = await load(path);
  const policy = exported.find((value): value is Policy => (value as Policy | undefined)?.id === id);
  return policy !== undefined && passesAll(policy);
}

function fateOfSurvivor(id: string, what: string): TriedPolicy["fate"] {
  return EQUIVALENT.some(({ policy, mutant }) => policy === id && mutant.test(what))
    ? "equivalent"
    : "survived";
}

async function load(path: string): Promise<readonly unknown[]> {
  try {
    return Object.values((await import(pathToFileURL(path).href)) as object);
  } catch {
    // It throws as soon as it is loaded: every test fails.
    return [];
  }
}

/** The source with imports that hold in another folder. */
function withAbsoluteImports(source: string, folder: string): string {
  return source.replaceAll(
    /(from ")([^"]+)(")/g,
    (_, before: string, specifier: string, after: string) =>
      before +
      (specifier.startsWith(".")
        ? pathToFileURL(join(folder, specifier)).href
        : import.meta.resolve(specifier)) +
      after,
  );
}

import { InvalidInputError } from "../../../components/core/problems.ts";
import { redacted, type Wire } from "../../recording/wire.ts";
import { isMap } from "../leaves.ts";
import type { ModelResource } from "../model.ts";
import type { Verdicts } from "../resources.ts";

/** A resource as the engine has it: in the state, or as it would be. A secret is `[secret]` already. */
export interface EngineResource extends ModelResource {
  /** False for a component, which no provider makes. */
  readonly custom: boolean;
  /** Of a component what it registered; of the stack what it exports. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What the engine would do with one resource, or found of it. */
interface PlannedStep {
  readonly op: string;
  readonly urn: string;
  /** Undefined: the state has none. */
  readonly before: EngineResource | undefined;
  /** Undefined: there would be, or is, none. */
  readonly after: EngineResource | undefined;
  /** The paths that the provider says are different; of a replacement those that it cannot change. */
  readonly paths: readonly string[];
}

/** What the Pulumi engine says that it would do, or found: the output of its commands with `--json`. */
export interface EnginePlan {
  readonly stack: string;
  readonly steps: readonly PlannedStep[];
  /** How many resources stay as they are. */
  readonly same: number;
}

interface EngineState {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly aliases?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: EngineState;
  readonly newState?: EngineState;
  readonly diffReasons?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/** The halves of a replacement, which a step `replace` names as a whole, and what is read of resources that others manage. */
const SKIPPED: ReadonlySet<string> = new Set([
  "read",
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "discard",
]);

/** Steps without a difference. */
const UNCHANGED: ReadonlySet<string> = new Set(["same", "refresh"]);

/**
 * Reads what `pulumi refresh --preview-only --json` or `pulumi preview --json` printed. Throws an InvalidInputError for anything else.
 *
 * @param command what a user should run to get it.
 */
export function readPlan(text: string, file: string, command: string): EnginePlan {
  const read = planOf(text);
  const urn = read?.steps[0]?.urn;
  if (read === undefined || urn === undefined)
    throw new InvalidInputError(file, [
      {
        path: "plan",
        found: text.trim() === "" ? "nothing" : "something else than the steps of an engine",
        allowed: "the output of pulumi refresh --preview-only --json, or of pulumi preview --json",
        fix: `run ${command} --stack <stack> again, and write its standard output to the file`,
      },
    ]);
  if (read.failed)
    throw new InvalidInputError(file, [
      {
        path: "plan",
        found: "the output of a command that failed, so that it lacks resources",
        allowed: `the output of ${command} that ended without an error`,
        fix: "correct what its field diagnostics says, and run it again",
      },
    ]);
  return {
    stack: urn.split(":")[2] ?? "",
    steps: read.steps.filter(({ op }) => !SKIPPED.has(op)).map(planned),
    same: read.same,
  };
}

/** The resources that differ, as the state has them, and as they would be or are. */
export function differing({ steps }: EnginePlan): {
  readonly before: readonly EngineResource[];
  readonly after: readonly EngineResource[];
} {
  const different = steps.filter(({ op }) => !UNCHANGED.has(op));
  return {
    before: different.flatMap(({ before }) => before ?? []),
    after: different.flatMap(({ after }) => after ?? []),
  };
}

/** What the engine says of each resource that stays, by its URN. */
export function verdictsOf({ steps }: EnginePlan): Verdicts {
  return new Map(
    steps.map(({ urn, op, paths }) => [
      urn,
      { is: op === "replace" ? "replaced" : UNCHANGED.has(op) ? "same" : "updated", paths } as const,
    ]),
  );
}

interface ReadPlan {
  readonly steps: readonly EngineStep[];
  readonly same: number;
  /** Whether the program or a provider had an error. A policy that is violated is none. */
  readonly failed: boolean;
}

function planOf(text: string): ReadPlan | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (!isMap(read) || !Array.isArray(read["steps"])) return undefined;
    const steps = read["steps"] as readonly unknown[];
    const isStep = (step: unknown) =>
      isMap(step) && typeof step["op"] === "string" && /^urn:pulumi:/.test(String(step["urn"]));
    if (!steps.every(isStep)) return undefined;
    const counted = isMap(read["changeSummary"]) ? read["changeSummary"]["same"] : undefined;
    const said: readonly unknown[] = Array.isArray(read["diagnostics"]) ? read["diagnostics"] : [];
    return {
      steps: steps as readonly EngineStep[],
      same: typeof counted === "number" ? counted : 0,
      failed: said.some((each) => isMap(each) && each["severity"] === "error"),
    };
  } catch {
    return undefined;
  }
}

function planned(step: EngineStep): PlannedStep {
  const { op, urn, oldState, newState, diffReasons, replaceReasons, detailedDiff } = step;
  const reasons = (op === "replace" ? replaceReasons : undefined) ?? diffReasons ?? [];
  return {
    op,
    urn,
    before: oldState === undefined || op === "create" ? undefined : resourceOf(oldState),
    after: newState === undefined || op === "delete" ? undefined : resourceOf(newState),
    paths: reasons.length > 0 ? reasons : Object.keys(detailedDiff ?? {}),
  };
}

function resourceOf(state: EngineState): EngineResource {
  const { urn, type, custom, parent, protect, retainOnDelete, aliases, inputs = {}, outputs = {} } = state;
  return {
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    custom: custom === true,
    parent: parent ?? null,
    protect: protect === true,
    ...(retainOnDelete === true ? { retainOnDelete } : {}),
    ...(aliases === undefined ? {} : { aliases }),
    inputs: redacted(plain(inputs) as Wire) as EngineResource["inputs"],
    outputs,
  };
}

/** Inputs without what the engine and providers note beside them, and with the marks of a preview for what is secret or not known yet. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, inner]) => [key, plain(inner)]),
  );
}

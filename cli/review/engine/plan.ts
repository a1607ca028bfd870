import { InvalidInputError } from "../../../components/core/problems.ts";
import { isMap } from "../leaves.ts";
import type { ModelResource } from "../model.ts";

/** What the Pulumi engine says that it would do, or found: the output of its commands with `--json`. */
export interface EnginePlan {
  readonly stack: string;
  /** The resources that differ, as the state has them, and as they would be or are. */
  readonly before: readonly ModelResource[];
  readonly after: readonly ModelResource[];
}

/** The part of a resource's state that is compared; a secret is `[secret]` there already. */
interface EngineState {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly aliases?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface EngineStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: EngineState;
  readonly newState?: EngineState;
}

/** Steps without a difference, and the halves of a replacement, which a step `replace` names as a whole. */
const SKIPPED: ReadonlySet<string> = new Set([
  "same",
  "refresh",
  "read",
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "discard",
]);

/** Reads what `pulumi refresh --preview-only --json` or `pulumi preview --json` printed. Throws an InvalidInputError for anything else. */
export function readPlan(text: string, file: string): EnginePlan {
  const steps = stepsOf(text);
  const urn = steps?.[0]?.urn;
  if (steps === undefined || urn === undefined)
    throw new InvalidInputError(file, [
      {
        path: "plan",
        found: text.trim() === "" ? "nothing" : "something else than the steps of an engine",
        allowed: "the output of pulumi refresh --preview-only --json, or of pulumi preview --json",
        fix: "run pulumi refresh --preview-only --json --stack <stack> again, and write its standard output to the file",
      },
    ]);
  const different = steps.filter(({ op }) => !SKIPPED.has(op));
  return {
    stack: urn.split(":")[2] ?? "",
    before: different.flatMap(({ op, oldState }) =>
      oldState === undefined || op === "create" ? [] : [resourceOf(oldState)],
    ),
    after: different.flatMap(({ op, newState }) =>
      newState === undefined || op === "delete" ? [] : [resourceOf(newState)],
    ),
  };
}

function stepsOf(text: string): readonly EngineStep[] | undefined {
  try {
    const read: unknown = JSON.parse(text);
    const steps = isMap(read) ? read["steps"] : undefined;
    const isStep = (step: unknown) =>
      isMap(step) && typeof step["op"] === "string" && /^urn:pulumi:/.test(String(step["urn"]));
    return Array.isArray(steps) && steps.every(isStep) ? (steps as readonly EngineStep[]) : undefined;
  } catch {
    return undefined;
  }
}

function resourceOf(state: EngineState): ModelResource {
  const { urn, type, parent, protect, retainOnDelete, aliases, inputs = {} } = state;
  return {
    urn,
    type,
    name: urn.split("::").at(-1) ?? "",
    parent: parent ?? null,
    protect: protect === true,
    ...(retainOnDelete === true ? { retainOnDelete } : {}),
    ...(aliases === undefined ? {} : { aliases }),
    inputs,
  };
}

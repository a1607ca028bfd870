import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { type EnginePlan, readPlan } from "../review/engine/plan.ts";

/**
 * Reads a file that a user names, with what the engine printed. Throws an InvalidInputError if it cannot be read or is something else.
 *
 * @param command what writes such a file.
 */
export function readPlanFile(given: string, folder: string, command: string): EnginePlan {
  return readPlan(textOf(given, folder, command), given, command);
}

function textOf(given: string, folder: string, command: string): string {
  try {
    return readFileSync(resolve(folder, given), "utf8");
  } catch (error) {
    throw new InvalidInputError(given, [
      {
        path: "plan",
        found: `${JSON.stringify(given)}: ${(error as Error).message.split(",")[0]}`,
        allowed: `a file with the output of ${command}`,
        fix: "correct the path",
      },
    ]);
  }
}

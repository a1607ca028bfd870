import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Waiver } from "../../policies/rules/waiver.ts";
import type { Waivers } from "../../policies/rules/waivers-file.ts";
import { WAIVERS_FILE } from "../../policies/rules/waivers-variable.ts";

/** The waivers of a file, and where it is. */
export interface LoadedWaivers {
  /** An absolute path; undefined where there is no file. */
  readonly file: string | undefined;
  readonly waivers: readonly Waiver[];
}

export const WITHOUT_WAIVERS: LoadedWaivers = { file: undefined, waivers: [] };

/**
 * The waivers beside the files of the stacks, if there are any. `today` is the judged day, `YYYY-MM-DD`. Throws an InvalidInputError that lists every
 * mistake in them: the pack checks them as well, but in a process of its own, where a mistake could not be told from a defect.
 */
export function waiversBeside(
  folder: string,
  today: string,
  environments?: readonly string[],
): Promise<LoadedWaivers> {
  const file = join(folder, WAIVERS_FILE);
  return existsSync(file) ? waiversIn(file, today, environments) : Promise.resolve(WITHOUT_WAIVERS);
}

/** The waivers of a file. Throws as {@link waiversBeside}, and if it cannot be read. */
export async function waiversIn(
  file: string,
  today: string,
  environments?: readonly string[],
): Promise<LoadedWaivers> {
  const { waivers } = await answeredIn(file, today, environments);
  return { file, waivers };
}

/** Everything that somebody answers for in a file. Throws as {@link waiversIn}. */
export async function answeredIn(
  file: string,
  today: string,
  environments?: readonly string[],
): Promise<Waivers> {
  const [{ readWaivers }, { writingDay }] = await Promise.all([
    import("../../policies/rules/waivers-file.ts"),
    import("../../policies/rules/today.ts"),
  ]);
  return readWaivers(file, {
    policyIds: await policyIds(file),
    today: writingDay(today, new Date()),
    ...(environments && { environments }),
  });
}

/** The policies are loaded only for a file with a waiver; else just the pack's process needs them. */
async function policyIds(file: string): Promise<readonly string[]> {
  if (!existsSync(file) || !/^[\s-]*policy:/m.test(readFileSync(file, "utf8"))) return [];
  const { policies } = await import("../../policies/rules/index.ts");
  return policies.map(({ id }) => id);
}

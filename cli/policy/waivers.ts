import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Waivers } from "../../policies/rules/waivers-file.ts";
import { WAIVERS_FILE } from "../../policies/rules/waivers-variable.ts";

/** The waivers of a file, and where it is. */
export interface LoadedWaivers extends Waivers {
  /** An absolute path; undefined where there is no file. */
  readonly file: string | undefined;
}

export const WITHOUT_WAIVERS: LoadedWaivers = { file: undefined, waivers: [], snoozes: [], exclusions: [] };

/**
 * The waivers beside the files of the stacks, if there are any. `today` is the judged day, `YYYY-MM-DD`. Throws an InvalidInputError that lists every
 * mistake in them.
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
  return { file, ...(await answeredIn(file, today, environments)) };
}

/** Everything that somebody answers for in a file. Throws as {@link waiversIn}. */
export async function answeredIn(
  file: string,
  today: string,
  environments?: readonly string[],
): Promise<Waivers> {
  const [{ policies }, { readWaivers }, { writingDay }] = await Promise.all([
    import("../../policies/rules/index.ts"),
    import("../../policies/rules/waivers-file.ts"),
    import("../../policies/rules/today.ts"),
  ]);
  return readWaivers(file, {
    policyIds: policies.map(({ id }) => id),
    today: writingDay(today, new Date()),
    ...(environments && { environments }),
  });
}

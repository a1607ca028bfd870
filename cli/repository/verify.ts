import { namespacesOf } from "../../components/workloads/model.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import type { Exit } from "../exit.ts";
import { printVerified, type VerifyFlags } from "../verify/print.ts";
import { environmentWithServices } from "./environment.ts";

/** Verifies the services of this repository in an environment against its Prometheus, and prints what was found. */
export async function verifyEnvironment(
  name: string,
  { stacks, ...flags }: VerifyFlags & { readonly stacks?: string },
  surroundings: Surroundings,
): Promise<Exit> {
  const { today } = flags;
  const { folder } = surroundings;
  const where = { today, folder, ...(stacks === undefined ? {} : { stacks }) };
  const { environment, services } = await environmentWithServices(name, where);
  const { monitoring } = namespacesOf(environment);
  return printVerified(name, services, flags, surroundings, monitoring);
}

import type { Surroundings } from "../command-line/subcommand.ts";
import type { Exit } from "../exit.ts";
import { printVerified, type VerifyFlags } from "../verify/print.ts";
import { servicesOfProgram } from "./explain.ts";

/** Verifies the services of the program in the folder, as one of its stacks, against the Prometheus of the platform, and prints what was found. */
export async function verifyProgram(
  stack: string,
  flags: VerifyFlags,
  surroundings: Surroundings,
): Promise<Exit> {
  const services = await servicesOfProgram(surroundings.folder, flags.today, stack);
  const all = Object.fromEntries(services.map(({ service, args }) => [service.name, args]));
  const namespace = services[0]?.args.monitoringNamespace;
  return printVerified(stack, all, flags, surroundings, namespace);
}

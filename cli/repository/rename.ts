import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import { renameIn } from "../rename.ts";
import { services as all } from "./services.ts";

/** Renames a service of this repository. Throws an InvalidInputError that lists every mistake, and then changes nothing. */
export async function renameService(name: string, to: string, stacks = STACKS_FOLDER): Promise<string> {
  const services = await all();
  const service = services.find((each) => each.name === name);
  // The command line has checked that it exists.
  if (service === undefined) throw new Error(`no service ${name}`);
  const others = services.filter((each) => each !== service);
  return renameIn({ service, to, others, environments: stackNames(stacks) });
}

import { joinPath } from "../../components/core/problems.ts";
import { serviceOnPlatformProblems } from "../../components/service/on-platform.ts";
import { named } from "../explanation.ts";
import { renameIn } from "../rename.ts";
import { servicesOfProgram } from "./explain.ts";
import { handoversIn } from "./handovers.ts";
import { readPlatforms } from "./project.ts";

/**
 * Renames a service of the program in the folder, as its first stack has it. Throws an InvalidInputError that lists every mistake, and
 * then changes nothing.
 */
export async function renameInProgram(
  folder: string,
  name: string,
  to: string,
  today: string,
): Promise<string> {
  const services = (await servicesOfProgram(folder, today)).map(({ service }) => service);
  // The files of dashboards are in their resources, and keep their uids.
  const service = { ...named(services, name), dashboards: [] };
  const handovers = handoversIn(readPlatforms(folder));
  return renameIn({
    service,
    to,
    others: services.filter((each) => each.name !== name),
    environments: [...handovers.keys()],
    problemsThere: (renamed) =>
      [...handovers.values()].flatMap((platform) =>
        serviceOnPlatformProblems(renamed, platform, joinPath("services", [renamed.name])),
      ),
  });
}

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidInputError } from "../../components/core/problems.ts";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { checkedService, type Service, type ServiceDefinition } from "../../components/service/model.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import { readStacks } from "../environments.ts";
import { type Answers, interview } from "../new-service/interview.ts";
import { constantIn, withDefinition, withListed } from "../new-service/listing.ts";
import { resolverFor } from "../resolver.ts";
import { writing } from "../writing.ts";
import { services as definedServices } from "./services.ts";

/** Where a new service goes. */
interface NewServiceOptions {
  readonly services: readonly Service[];
  readonly stacksFolder: string;
  /** The folder of the teams' files. */
  readonly servicesFolder: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Asks for a service, writes its definition into the file of its team, and lists it. Throws an InvalidInputError before anything
 * is written where an answer is wrong, or where an environment would not take the service.
 */
export async function newService(answers: Answers, today: string): Promise<{ readonly text: string }> {
  const services = await definedServices();
  const servicesFolder = join(STACKS_FOLDER, "services");
  const options = { services, stacksFolder: STACKS_FOLDER, servicesFolder, today };
  const definition = await interview(answers, {
    teams: teamsOf(options),
    taken: services.map(({ name }) => name),
  });
  const checked = checkedService(definition);
  if (!checked.ok) throw new InvalidInputError("new-service", checked.problems);
  const service = checked.value;
  refuseInAnyEnvironment(service, options);
  const written = write(definition, servicesFolder);
  return { text: `${written.map((line) => `${line}\n`).join("")}` };
}

/** The teams that every environment knows, for what is asked; the check of the service reports the environments that lack its owner. */
function teamsOf({ stacksFolder, services, today }: NewServiceOptions): readonly string[] {
  const ready = stacks(stacksFolder, services, today).filter((stack) => stack.ok);
  const [first = [], ...others] = ready.map(({ environment }) => Object.keys(environment.alertmanager.teams));
  return first.filter((team) => others.every((teams) => teams.includes(team)));
}

/** What an environment says of the service and did not say before. */
function refuseInAnyEnvironment(
  service: Service,
  { stacksFolder, services, today }: NewServiceOptions,
): void {
  const before = stacks(stacksFolder, services, today).flatMap((stack) =>
    stack.ok ? [] : stack.problems.map(({ path }) => path),
  );
  const problems = stacks(stacksFolder, [...services, service], today).flatMap((stack) =>
    stack.ok ? [] : stack.problems.filter(({ path }) => !before.includes(path)),
  );
  if (problems.length > 0) throw new InvalidInputError("new-service", problems);
}

function stacks(folder: string, services: readonly Service[], today: string) {
  return [...readStacks(folder, [], { resolve: resolverFor(services, today), requiredSecrets }).values()];
}

function write(definition: ServiceDefinition, folder: string): readonly string[] {
  const source = definitionSource([definition]);
  const constant = constantIn(source);
  const file = join(folder, `${definition.owner}.ts`);
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before !== undefined && new RegExp(`^export const ${constant}\\b`, "m").test(before))
    throw new InvalidInputError("new-service", [
      {
        path: relative("", file),
        found: `the constant ${constant}, which exists already`,
        allowed: "a name that gives a constant that the file does not have",
        fix: "give the service another name",
      },
    ]);
  writing(file, () => writeFileSync(file, withDefinition(before, source)));
  const index = join(folder, "index.ts");
  const listing = withListed(readFileSync(index, "utf8"), constant, definition.owner);
  if (listing === undefined)
    return [
      `${relative("", file)} has the definition.`,
      `Add ${constant} to the list in ${relative("", index)} manually, and import it from "./${definition.owner}.ts": the file is not written as new-service expects.`,
    ];
  writing(index, () => writeFileSync(index, listing));
  return [`${relative("", file)} has the definition, and ${relative("", index)} lists it.`];
}

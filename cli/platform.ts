import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Tested } from "../components/core/promtool.ts";
import type { NamedSecret } from "../components/core/secrets.ts";
import type { Validated } from "../components/core/validation.ts";
import { runsIn, type Service, serviceIn, withPaging } from "../components/service/model.ts";
import type { SloPromises } from "../components/slo/promises.ts";
import type { PackName } from "../policies/packs/packs.ts";
import type { Environment } from "../stacks/environment.ts";
import { STACKS_FOLDER, stackNames } from "../stacks/names.ts";
import type { PackConfig } from "./policy/judgement.ts";
import { packConfig } from "./policy/pack-config.ts";
import { type LoadedWaivers, waiversBeside } from "./policy/waivers.ts";
import type { Program } from "./recording/recorder.ts";
import { services as definedServices } from "./repository/services.ts";

/** What a preview previews: how an environment is read, what it becomes, and what it is held to. */
export interface Platform {
  /** The name of the Pulumi project. */
  readonly project: string;
  readonly resolve: (raw: unknown, stack: string) => Validated<Environment>;
  readonly requiredSecrets: (environment: Environment) => readonly NamedSecret[];
  /** Loads the program, and with it the SDKs of the providers. */
  readonly program: () => Promise<Program>;
  /** The promtool cases of an environment's alerts. */
  readonly tests: (environment: Environment) => readonly Tested[];
  /** What an environment's objectives promise. */
  readonly promises: (environment: Environment) => readonly SloPromises[];
  /** The rules of the objectives that an environment judges over several, for their store. Undefined: it judges none. */
  readonly globalRules: (environment: Environment) => string | undefined;
  /** What the services of an environment should change or know, as sentences. */
  readonly notices: (environment: Environment) => readonly string[];
  /** The services of an environment by name, each as it is defined there. */
  readonly definitions: (environment: Environment) => Readonly<Record<string, unknown>>;
  /** The names of the services that run in an environment. */
  readonly services: (environment: Environment) => readonly string[];
  readonly pack: Pack;
}

/** The policies that every environment is held to. */
interface Pack {
  readonly name: PackName;
  readonly waivers: LoadedWaivers;
  /** How strictly an environment is held to them. */
  readonly config: (environment: Pick<Environment, "tier" | "namespaces">) => PackConfig;
}

const ROOT = new URL("../", import.meta.url);

/** What may be different from this repository's own. */
interface Given {
  readonly services?: readonly Service[];
  /** The folder with the files of the stacks and the waivers. */
  readonly stacksFolder?: string;
}

/**
 * This repository's own platform, as it is on a day, with its services and waivers or with those that are given. Throws an InvalidInputError
 * for mistakes in services or waivers.
 */
export async function loadPlatform(today: string, given: Given = {}): Promise<Platform> {
  const [{ requiredSecrets }, { resolverFor }, services, { proofs }, { globalRuleFile }, pack] =
    await Promise.all([
      import("../stacks/resolve.ts"),
      import("./resolver.ts"),
      given.services ?? definedServices(),
      import("../infra/proof.ts"),
      import("../infra/global-objectives.ts"),
      loadPack(given.stacksFolder ?? STACKS_FOLDER, today),
    ]);
  return {
    project: projectName(),
    resolve: resolverFor(services, today),
    requiredSecrets,
    program: async () => {
      const { deployWith } = await import("../infra/deploy.ts");
      return () => deployWith(services);
    },
    tests: (environment) => proofs(environment, services).tests,
    promises: (environment) => proofs(environment, services).promises,
    globalRules: (environment) => globalRuleFile(environment, services),
    notices: (environment) => proofs(environment, services).notices,
    definitions: ({ name, alertmanager }) =>
      definitionsIn(
        services.map((service) => withPaging(service, alertmanager.pages)),
        name,
      ),
    services: ({ name }) =>
      services.filter((service) => runsIn(service, name)).map((service) => service.name),
    pack,
  };
}

function definitionsIn(services: readonly Service[], environment: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    services
      .filter((service) => runsIn(service, environment))
      .map((service) => {
        const { environments: _, ...definition } = serviceIn(service, environment);
        return [service.name, definition];
      }),
  );
}

async function loadPack(stacksFolder: string, today: string): Promise<Pack> {
  const name = "bellwether";
  const folder = fileURLToPath(new URL(`policies/packs/${name}`, ROOT));
  return {
    name,
    waivers: await waiversBeside(stacksFolder, today, stackNames(stacksFolder)),
    config: (environment) => packConfig(folder, environment),
  };
}

function projectName(): string {
  const project = parse(readFileSync(new URL("Pulumi.yaml", ROOT), "utf8")) as { readonly name: string };
  return project.name;
}

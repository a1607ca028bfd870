import { InvalidInputError } from "../../components/core/problems.ts";
import { runsIn, withPaging } from "../../components/service/model.ts";
import { grafanaAddress } from "../../infra/args.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import type { Outcome } from "../command-line/outcome.ts";
import { resolverFor } from "../resolver.ts";
import { writeRules } from "../rules.ts";
import { readStackFile, stackFilePath } from "../stack-file.ts";
import { services as definedServices } from "./services.ts";

/** The rules of this repository's services as an environment gets them. Throws an InvalidInputError for mistakes in its file. */
export async function rulesOfEnvironment(
  environment: string,
  stacksFolder = STACKS_FOLDER,
  out?: string,
): Promise<Outcome> {
  const services = await definedServices();
  const path = stackFilePath(stacksFolder, environment);
  const file = readStackFile(stacksFolder, environment);
  if (!file.ok) throw new InvalidInputError(path, file.problems);
  // Rules do not change from day to day; only what is supported does.
  const today = new Date().toISOString().slice(0, 10);
  const resolved = resolverFor(services, today)(file.value.environment, environment);
  if (!resolved.ok) throw new InvalidInputError(path, resolved.problems.map(file.value.located));
  const { alerts, alertmanager, prometheus } = resolved.value;
  const context = {
    environment,
    scrapeInterval: prometheus.scrapeInterval,
    runbookBaseUrl: alerts.runbookBaseUrl,
    ...grafanaAddress(resolved.value),
  };
  const running = services
    .filter((service) => runsIn(service, environment))
    .map((service) => withPaging(service, alertmanager.pages));
  return { text: writeRules(running, context, out), report: "" };
}

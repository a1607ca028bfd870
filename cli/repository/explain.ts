import { hoursInWords } from "../../components/alertmanager/model.ts";
import { destinationsFor } from "../../components/alertmanager/render.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { renderContent, teamOf } from "../../components/grafana/content.ts";
import { grafanaUrl } from "../../components/grafana/model.ts";
import type { Service } from "../../components/service/model.ts";
import { serviceArgs } from "../../infra/args.ts";
import type { Environment } from "../../stacks/environment.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";
import { requiredSecrets } from "../../stacks/resolve.ts";
import { environmentTraits } from "../../stacks/rules.ts";
import { type MistakenStack, readStacks } from "../environments.ts";
import { explanation, introduction, named } from "../explanation.ts";
import type { Paint } from "../paint.ts";
import { resolverFor } from "../resolver.ts";

/** What to explain, and as of when. */
export interface ExplainOptions {
  readonly name: string | undefined;
  /** One environment; else all of them. */
  readonly environment?: string;
  /** The folder of the stacks' files. Default: this repository's. */
  readonly stacks?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** An explanation, and the environments that are left out of it because their files have mistakes. */
export interface Explained {
  readonly text: string;
  readonly mistaken: readonly MistakenStack[];
}

/**
 * What Prometheus scrapes for a service, its objectives, alerts and dashboards, in each environment. Loads no SDK. Throws an
 * InvalidInputError for a service that is not defined.
 */
export function explainService(
  services: readonly Service[],
  { name, environment, stacks: stacksFolder = STACKS_FOLDER, today }: ExplainOptions,
  paint: Paint,
): Explained {
  const service = named(services, name);
  const platform = { resolve: resolverFor(services, today), requiredSecrets };
  const stacks = [
    ...readStacks(stacksFolder, environment === undefined ? [] : [environment], platform).values(),
  ];
  const chosen = environment === undefined ? stacks : stacks.filter(({ stack }) => stack === environment);
  const mistaken = chosen.filter((stack) => !stack.ok);
  const parts = chosen
    .filter((stack) => stack.ok)
    .map((stack) => inEnvironment(service, services, stack.environment, paint));
  const text = parts.length === 0 ? "" : `${[introduction(service, paint), ...parts].join("\n\n")}\n`;
  return { text, mistaken };
}

function inEnvironment(
  service: Service,
  services: readonly Service[],
  environment: Environment,
  paint: Paint,
): string {
  const args = serviceArgs(environment, services)[service.name];
  if (args === undefined)
    return `${paint.bold(environment.name)}\n    not monitored: the definition leaves this environment out`;
  const settings = environment.alertmanager;
  const receivers = (labels: Readonly<Record<string, string>>) =>
    destinationsFor(settings, labels).map(({ receiver, hours }) => {
      const type = Object.hasOwn(settings.receivers, receiver)
        ? settings.receivers[receiver]?.type
        : undefined;
      const when = hours === undefined ? "" : `, only ${hoursInWords(hours)}`;
      return type === undefined ? receiver : `${receiver} (${type}${when})`;
    });
  return explanation({ args, receivers, dashboards: dashboardsOf(service, environment) }, paint);
}

/** The dashboards of the service as Grafana gets them: title, folder and, where Grafana has a URL, the URL. */
function dashboardsOf(service: Service, environment: Environment): readonly string[] {
  const { name, alerts, prometheus, grafana } = environment;
  const { folders } = renderContent({
    settings: grafana,
    cluster: environmentTraits(environment),
    environment: name,
    scrapeInterval: prometheus.scrapeInterval,
    alerts,
    services: [service],
  });
  const root = grafanaUrl(grafana);
  return folders
    .filter((folder) => teamOf(folder) !== undefined)
    .flatMap(({ title: folder, dashboards }) =>
      dashboards.map(({ json }) => {
        const where = `${json.title}, in the folder ${folder}`;
        return root === undefined ? where : `${where}: ${root}/d/${json.uid}`;
      }),
    );
}

/** One error for the mistakes of several environments: each problem's path begins with the file. */
export function severalMistakes(stacks: readonly MistakenStack[]): InvalidInputError {
  const [first, ...more] = stacks;
  if (first !== undefined && more.length === 0) return new InvalidInputError(first.path, first.problems);
  const problems = stacks.flatMap((stack) =>
    stack.problems.map((problem) => ({ ...problem, path: `${stack.path}: ${problem.path}` })),
  );
  return new InvalidInputError("environments", problems);
}

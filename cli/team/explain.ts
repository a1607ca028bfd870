import { InvalidInputError } from "../../components/core/problems.ts";
import { pathOf } from "../../components/grafana/link.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import type { Severity } from "../../components/signals/severity.ts";
import { ProgramFailure } from "../exit.ts";
import { explanation, introduction, named } from "../explanation.ts";
import type { Paint } from "../paint.ts";
import { handoversIn } from "./handovers.ts";
import { preview } from "./preview.ts";
import { importProgram, readConfig, readPlatforms, readProject } from "./project.ts";
import { type MonitoredService, receiversOf } from "./services.ts";

/** What Prometheus scrapes for a service of the program in the folder, its objectives, alerts and dashboards, as one of its stacks. */
export async function explainProgram(
  folder: string,
  {
    name,
    stack,
    today,
  }: { readonly name: string | undefined; readonly stack?: string; readonly today: string },
  paint: Paint,
): Promise<string> {
  const services = await servicesOfProgram(folder, today, stack);
  const {
    service,
    environment,
    args,
    dashboards: delivered,
  } = named(
    services.map((each) => ({ name: each.service.name, ...each })),
    name,
  );
  const handover = handoversIn(readPlatforms(folder)).get(environment);
  const receivers = ({ team = "", severity }: Readonly<Record<string, string>>) =>
    receiversOf(handover, team, severity as Severity);
  const resolved = args as ServiceMonitoringArgs & { readonly namespace: string };
  const url = handover?.grafanaUrl;
  const own = delivered.map(({ uid, title, folder: where }) => {
    const place = `${title}, in the folder ${where}`;
    return url === undefined ? place : `${place}: ${url}/d/${uid}`;
  });
  const dashboards = [...own, ...dashboardsOf(service.name, environment, url)];
  return `${introduction(service, paint)}\n\n${explanation({ args: resolved, receivers, dashboards }, paint)}\n`;
}

/** The platform's dashboard of all objectives. */
function dashboardsOf(service: string, environment: string, grafana: string | undefined): readonly string[] {
  const path = pathOf({ title: "Objectives", to: "objectives", values: { service } }, environment);
  return [grafana === undefined ? "Objectives, in Grafana of the platform" : `Objectives: ${grafana}${path}`];
}

/** The services of the program in the folder, as one of its stacks; the first that has a file where none is named. */
export async function servicesOfProgram(
  folder: string,
  today: string,
  stack?: string,
): Promise<readonly MonitoredService[]> {
  const project = readProject(folder);
  const chosen = stack ?? project.stacks[0] ?? "preview";
  const { services } = await preview({
    program: () => importProgram(project),
    platforms: readPlatforms(folder),
    project: project.name,
    stack: chosen,
    today,
    policies: false,
    ...readConfig(project, chosen),
  }).catch((error: unknown) => {
    throw error instanceof InvalidInputError ? error : new ProgramFailure(chosen, error);
  });
  return services;
}

import { callSiteOf } from "../core/call-site.ts";
import { type Duration, seconds } from "../core/duration.ts";
import { InvalidInputError, joinPath, type Problem, shown } from "../core/problems.ts";
import { nearest, type Validated, validate } from "../core/validation.ts";
import type { ExampleSeries } from "../signals/ratio.ts";
import { keptFor, objectivePath, objectiveProblems, periodText, type Slo } from "../slo/model.ts";
import { dashboardProblems } from "./dashboards/problems.ts";
import { DASHBOARD_FILES } from "./dashboards/read.ts";
import { type Service, type ServiceDefinition, serviceSchema } from "./definition.ts";
import type { Place } from "./definition-places.ts";
import { presetsIn, serviceIn, settingsFor } from "./environments.ts";
import { withFiles } from "./files.ts";
import { formerNameProblems } from "./former-names.ts";
import { type MeasuredObjective, measuredObjectives } from "./measures.ts";
import { ownAlertProblems } from "./own-alerts/problems.ts";
import { defined, inPlace, inPlaceOf } from "./place.ts";
import { promiseProblems } from "./promises.ts";
import { ruleFileProblems } from "./rule-files/problems.ts";
import { RULE_FILES_FORMAT } from "./rule-files/read.ts";

export { isPrometheusVariable } from "./dashboards/data-sources.ts";
export { dashboardFilesOf, duplicateDashboards } from "./dashboards/problems.ts";
export { takenDashboard } from "./dashboards/taken.ts";
export {
  SERVICE_TIERS,
  type Service,
  type ServiceDefinition,
  type ServiceTier,
  serviceSchema,
} from "./definition.ts";
export { presetsIn, serviceIn, withPaging } from "./environments.ts";
export { formerNamesTaken } from "./former-names.ts";
export { targetLabels } from "./measures.ts";
export { DEFAULT_UNIT } from "./objectives.ts";
export type { OwnAlert, OwnAlertDraft } from "./own-alerts/definition.ts";
export { isAlertName, isQuery } from "./own-alerts/problems.ts";
export { ownAlertPanel, ownAlertsOf } from "./own-alerts/rules.ts";
export { located, placeOf, placeOfName } from "./place.ts";
export { pushProblems } from "./push-problems.ts";
export { ANY_JOB, SCRAPED_ELSEWHERE } from "./scraped-elsewhere.ts";

/**
 * A service as data. Throws an InvalidInputError that lists every mistake, with the place of the call; whether its owner exists is only
 * known where an environment is, see {@link serviceProblems}.
 */
export function defineService(definition: ServiceDefinition): Service {
  const call = callSiteOf(defineService);
  const files = withFiles(definition, [RULE_FILES_FORMAT, DASHBOARD_FILES], call, rootOf(definition));
  const service = checkedService(files.definition);
  if (service.ok && files.problems.length === 0) return defined(service.value, call);
  const problems = [...files.problems, ...(service.ok ? [] : service.problems)];
  throw new InvalidInputError(`defineService${inPlaceOf(call, " in ")}`, problems);
}

/** The same for a definition that no file contains: the service, or every mistake. */
export function checkedService(definition: unknown): Validated<Service> {
  const root = rootOf(definition);
  const shape = validate(serviceSchema, definition, root);
  if (!shape.ok) return shape;
  const problems = [
    ...promiseProblems(placesOf(shape.value, root), root),
    ...budgetProblems(shape.value, root),
    ...alertProblems(shape.value, root),
    ...ruleFileProblems(shape.value, joinPath(root, ["rules"])),
    ...dashboardProblems(shape.value, joinPath(root, ["dashboards"])),
    ...formerNameProblems(shape.value, root),
    ...whereProblems(shape.value, root),
  ];
  return problems.length > 0 ? { ok: false, problems } : shape;
}

/** Where the paths of problems start. */
function rootOf(definition: unknown): string {
  const named = (definition as { name?: unknown } | null | undefined)?.name;
  return typeof named === "string" ? joinPath("services", [named]) : "services";
}

/** Where a definition says what a service is measured by and what it promises. */
function placesOf(service: Service, path: string): readonly Place[] {
  const { objectives, environments, scrape } = service;
  return [
    { path, service, presets: presetsIn(service), saysScrape: scrape !== undefined, promised: objectives },
    ...Object.entries(environments).map(([name, settings]) => {
      const here = serviceIn(service, name);
      const presets = presetsIn(settings);
      return {
        path: settingsPath(name, path),
        service: here,
        presets,
        saysScrape: settings.scrape !== undefined,
        // Where metrics come from another source, it must measure the objectives that are said elsewhere, too.
        promised: presets.length > 0 ? here.objectives : settings.objectives,
      };
    }),
  ];
}

function budgetProblems(service: Service, path: string): readonly Problem[] {
  return [undefined, ...Object.keys(service.environments)].flatMap((environment) =>
    slosOf(service, environment).flatMap(({ name, objective: percent, period }) =>
      objectiveProblems(percent, period, pathOfObjective(service, environment, path, name)),
    ),
  );
}

/** An environment is in one list at most, and what is said of one where the service does not run has no effect. */
function whereProblems(service: Service, path: string): readonly Problem[] {
  const { only, except, environments } = service;
  if (only !== undefined && except !== undefined)
    return [
      {
        path: joinPath(path, ["except"]),
        found: `${shown(except)} beside only`,
        allowed: "only or except: an environment is in the list of one or not in that of the other",
        fix: "keep one of the two",
      },
    ];
  const list = only === undefined ? "except" : "only";
  return Object.keys(environments)
    .filter((name) => !isListed(service, name))
    .map((name) => ({
      path: settingsPath(name, path),
      found: `settings for an environment that ${list} leaves out`,
      allowed: "settings for environments that the service runs in",
      fix: `remove them, or change ${list}`,
    }));
}

/** Whether only and except leave an environment in. */
function isListed({ only, except }: Service, environment: string): boolean {
  return (only?.includes(environment) ?? true) && except?.includes(environment) !== true;
}

function alertProblems(service: Service, path: string): readonly Problem[] {
  const { alerts, environments } = service;
  return [
    ...ownAlertProblems(alerts, joinPath(path, ["alerts"])),
    ...Object.entries(environments).flatMap(([name, here]) => {
      const at = joinPath(settingsPath(name, path), ["alerts"]);
      return [...ownAlertProblems(here.alerts, at), ...needlessOff(here.alerts, alerts, at)];
    }),
  ];
}

/** An alert that is off in an environment and that the definition does not have would be a misspelt name. */
function needlessOff(
  here: Service["environments"][string]["alerts"],
  alerts: Service["alerts"],
  path: string,
): readonly Problem[] {
  const names = Object.keys(alerts);
  return Object.entries(here)
    .filter(([name, alert]) => alert === "off" && !names.includes(name))
    .map(([name]) => {
      const near = nearest(name, names);
      return {
        path: joinPath(path, [name]),
        found: `"off" for an alert that the definition does not have`,
        allowed:
          names.length > 0 ? `off for one of ${names.join(", ")}` : "nothing: the definition has no alert",
        fix: near === undefined ? "remove it" : `rename it to ${near}`,
      };
    });
}

/** Where a definition says an objective: everywhere, or for an environment. */
function pathOfObjective(
  service: Service,
  environment: string | undefined,
  path: string,
  name: string,
): string {
  const here =
    environment === undefined ? undefined : settingsFor(service.environments, environment)?.objectives;
  const isCustom = Object.hasOwn({ ...service.objectives.custom, ...here?.custom }, name);
  return objectivePath(settingsPath(environment, path), isCustom ? `custom.${name}` : name);
}

function settingsPath(environment: string | undefined, path: string): string {
  return environment === undefined ? path : joinPath(path, ["environments", environment]);
}

/** What is wrong with a service in an environment whose teams are these: an owner that nobody notifies. */
export function serviceProblems(
  service: Service,
  teams: readonly string[],
  path: string,
): readonly Problem[] {
  if (teams.includes(service.owner)) return [];
  const near = nearest(service.owner, teams);
  return [
    {
      path: joinPath(path, ["owner"]),
      found: shown(service.owner),
      allowed: teams.length > 0 ? `one of the teams ${teams.join(", ")}` : "a team; none is defined",
      fix: near === undefined ? `add ${service.owner} to alertmanager.teams` : `write ${near}`,
    },
  ];
}

/**
 * The objectives of a service whose period is longer than an environment retains samples: one problem for each. Without the first
 * samples of the period, the remaining error budget is wrong.
 */
export function retentionProblems(
  service: Service,
  environment: string,
  retention: Duration,
  path: string,
): readonly Problem[] {
  return slosOf(service, environment)
    .filter(({ period }) => seconds(keptFor(period)) > seconds(retention))
    .map(({ name, period }) => ({
      path: joinPath(pathOfObjective(service, placeOfObjective(service, environment, name), path, name), [
        "period",
      ]),
      found: shown(period),
      allowed: `at most ${retention}, the retention of ${environment}${period === "month" ? `; ${periodText(period)} has up to 31 days` : ""}`,
      fix: `choose a shorter period for ${environment}, or set prometheus.retention of ${environment} to ${keptFor(period)} or more`,
    }));
}

/** The environment, where the definition has settings of the objective for it; undefined where the general settings apply. */
function placeOfObjective(service: Service, environment: string, name: string): string | undefined {
  const here = settingsFor(service.environments, environment)?.objectives;
  const settings = { ...here, ...here?.custom } as Readonly<Record<string, unknown>>;
  return settingsFor(settings, name) === undefined ? undefined : environment;
}

/** Environments that a service names, and that do not exist: what it says of them would have no effect. */
export function environmentProblems(
  service: Service,
  environments: readonly string[],
  path: string,
): readonly Problem[] {
  const listed = (["only", "except"] as const).flatMap((list) =>
    (service[list] ?? []).map((name, index) => ({ name, at: joinPath(path, [list, index]) })),
  );
  const named = Object.keys(service.environments).map((name) => ({ name, at: settingsPath(name, path) }));
  return [...listed, ...named]
    .filter(({ name }) => !environments.includes(name))
    .map(({ name, at }) => {
      const near = nearest(name, environments);
      return {
        path: at,
        found: `an environment that does not exist, ${shown(name)}`,
        allowed: `one of the environments ${environments.join(", ")}`,
        fix: near === undefined ? "correct the name, or remove it" : `rename it to ${near}`,
      };
    });
}

/** Services that share a name, which would share their series, alerts and rules too. */
export function duplicateServices(services: readonly Service[], path: string): readonly Problem[] {
  return services.flatMap((service, index) => {
    const { name, owner } = service;
    const first = services.findIndex((other) => other.name === name);
    if (first === index) return [];
    const other = services[first];
    return [
      {
        path: joinPath(path, [index, "name"]),
        found: `${shown(name)} of ${owner}${inPlace(service)}; ${other?.owner} has a service of that name${inPlace(other)}`,
        allowed: "a name that no other service has",
        fix: "rename one of the two",
      },
    ];
  });
}

/** Whether the service runs in an environment: everywhere, except where it says otherwise. */
export function runsIn(service: Service, environment: string): boolean {
  return isListed(service, environment) && (settingsFor(service.environments, environment)?.enabled ?? true);
}

/** The objectives of a service in an environment, or those that hold where it says nothing else. */
export function slosOf(service: Service, environment?: string): readonly Slo[] {
  const { name, owner, formerly } = service;
  return objectivesOf(service, environment).map(({ examples: _, ...objective }) => ({
    service: name,
    ...(formerly.length > 0 ? { formerly } : {}),
    team: owner,
    ...objective,
  }));
}

/** What a good and a bad event of an objective are counted by; `undefined` where a team's own objective does not say it. */
export function examplesOf(service: Service, name: string, environment?: string): ExampleSeries | undefined {
  return objectivesOf(service, environment)
    .find((objective) => objective.name === name)
    ?.examples();
}

function objectivesOf(service: Service, environment: string | undefined): readonly MeasuredObjective[] {
  return measuredObjectives(serviceIn(service, environment));
}

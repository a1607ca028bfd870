import { z } from "zod";
import { InvalidInputError, joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, dnsLabel, named, text, toggle } from "../core/schema.ts";
import { nearest, validate } from "../core/validation.ts";
import { customSignal } from "../signals/custom.ts";
import { type ExampleSeries, HTTP_CONVENTIONS, httpAvailability, httpExamples } from "../signals/http.ts";
import {
  DEFAULT_MINIMUM_ERRORS,
  DEFAULT_PERIOD,
  objectivePath,
  objectiveProblems,
  type Slo,
} from "../slo/model.ts";
import { type CustomObjective, type ObjectiveSettings, objectives } from "./objectives.ts";

export { DEFAULT_UNIT } from "./objectives.ts";

/** How much a failure of the service matters; sets its default objective. */
export const SERVICE_TIERS = ["critical", "standard", "best-effort"] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Percent of requests that must go well, where a service does not say it itself. */
const DEFAULT_AVAILABILITY: Readonly<Record<ServiceTier, string>> = {
  critical: "99.9",
  standard: "99.5",
  "best-effort": "99",
};

const serviceSchema = z.strictObject({
  name: dnsLabel().meta({ description: "The label `service`, unique in an environment." }),
  owner: dnsLabel().meta({ description: "The team that is notified. One of alertmanager.teams." }),
  tier: choice(SERVICE_TIERS).meta({ description: "Sets the default objective." }),
  description: text(/^\S[^\n]{4,199}$/, "one line of 5 to 200 characters that says what the service does"),
  namespace: dnsLabel().meta({ description: "The namespace that the service runs in." }),
  http: z
    .strictObject({
      port: text(
        /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/,
        "the name, not the number, of a port of the Kubernetes Service, at most 15 characters",
      ).meta({ description: "Name of the Service's port that serves the metrics." }),
      path: text(/^\/[\w./~-]{0,200}$/, "an absolute path such as /metrics")
        .default("/metrics")
        .meta({ description: "Path of the metrics." }),
      metrics: choice(HTTP_CONVENTIONS).meta({
        description:
          "otel: http_server_request_duration_seconds with http_response_status_code. " +
          "http_requests_total: that counter with the label code.",
      }),
    })
    .optional()
    .meta({
      description:
        "Where the service reports its HTTP requests. Without it nothing is scraped for the service.",
    }),
  objectives: objectives.prefault({}).meta({ description: "What the service promises." }),
  environments: named(
    dnsLabel(),
    z.strictObject({
      enabled: toggle().default(true).meta({ description: "Whether the service runs there." }),
      objectives: objectives.prefault({}).meta({ description: "Promises that differ there." }),
    }),
  )
    .prefault({})
    .meta({ description: "What differs in an environment, by its name." }),
});

/** What a team writes. */
export type ServiceDefinition = z.input<typeof serviceSchema>;
/** A service, checked and with every default filled in. */
export type Service = Readonly<z.output<typeof serviceSchema>>;

/**
 * A service as data. Throws an InvalidInputError that lists every mistake; whether its owner exists is only known where an
 * environment is, see {@link serviceProblems}.
 */
export function defineService(definition: ServiceDefinition): Service {
  const named = (definition as { name?: unknown } | null | undefined)?.name;
  const root = typeof named === "string" ? joinPath("services", [named]) : "services";
  const shape = validate(serviceSchema, definition, root);
  const problems = shape.ok
    ? [...promiseProblems(shape.value, root), ...budgetProblems(shape.value, root)]
    : shape.problems;
  if (!shape.ok || problems.length > 0) throw new InvalidInputError("defineService", problems);
  return shape.value;
}

/** A service must promise something, and can only promise what is measured. */
function promiseProblems(service: Service, path: string): readonly Problem[] {
  const places = [
    { at: path, promised: service.objectives },
    ...Object.entries(service.environments).map(([name, { objectives: promised }]) => ({
      at: placeOf(name, path),
      promised,
    })),
  ];
  if (service.http !== undefined)
    return places
      .filter(({ promised }) => Object.hasOwn(promised.custom, "availability"))
      .map(({ at }) => ({
        path: joinPath(at, ["objectives", "custom", "availability"]),
        found: "a second objective of the name availability",
        allowed: "any other name, because http brings an objective of this one",
        fix: "rename it, or remove http",
      }));
  const unmeasured = places
    .filter(({ promised }) => promised.availability !== undefined)
    .map(({ at, promised }) => ({
      path: joinPath(at, ["objectives", "availability"]),
      found: shown(promised.availability),
      allowed: "nothing, because without http no requests are counted",
      fix: "add http, or write the objective under custom with its queries",
    }));
  const isEmpty = places.every(({ promised }) => Object.keys(promised.custom).length === 0);
  if (!isEmpty || unmeasured.length > 0) return unmeasured;
  return [
    {
      path: joinPath(path, ["http"]),
      found: "nothing, and no objective under custom",
      allowed: "a service that something is measured of",
      fix: "add http, or an objective under objectives.custom",
    },
  ];
}

function budgetProblems(service: Service, path: string): readonly Problem[] {
  return [undefined, ...Object.keys(service.environments)].flatMap((environment) =>
    slosOf(service, environment).flatMap(({ name, objective: percent, period }) =>
      objectiveProblems(percent, period, pathOfObjective(service, environment, path, name)),
    ),
  );
}

function pathOfObjective(
  service: Service,
  environment: string | undefined,
  path: string,
  name: string,
): string {
  const here =
    environment === undefined ? undefined : settingsFor(service.environments, environment)?.objectives;
  const isCustom = Object.hasOwn({ ...service.objectives.custom, ...here?.custom }, name);
  return objectivePath(placeOf(environment, path), isCustom ? `custom.${name}` : name);
}

function placeOf(environment: string | undefined, path: string): string {
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

/** Services that share a name, which would share their series, alerts and rules too. */
export function duplicateServices(services: readonly Service[], path: string): readonly Problem[] {
  return services.flatMap(({ name, owner }, index) => {
    const first = services.findIndex((other) => other.name === name);
    if (first === index) return [];
    return [
      {
        path: joinPath(path, [index, "name"]),
        found: `${shown(name)} of ${owner}, which ${services[first]?.owner} has taken already`,
        allowed: "a name that no other service has",
        fix: "rename one of the two",
      },
    ];
  });
}

/** Whether the service runs in an environment: everywhere, except where it says otherwise. */
export function runsIn({ environments }: Service, environment: string): boolean {
  return settingsFor(environments, environment)?.enabled ?? true;
}

/** The objectives of a service in an environment, or those that hold where it says nothing else. */
export function slosOf(service: Service, environment?: string): readonly Slo[] {
  const { name, owner, environments, objectives: everywhere } = service;
  const here = environment === undefined ? undefined : settingsFor(environments, environment)?.objectives;
  const custom = { ...everywhere.custom, ...here?.custom };
  return [
    ...availabilityOf(service, here?.availability ?? everywhere.availability),
    ...Object.entries(custom).map(([objectiveName, settings]) => ({
      service: name,
      team: owner,
      ...customSlo(objectiveName, settings),
    })),
  ];
}

function availabilityOf(service: Service, settings: ObjectiveSettings | undefined): readonly Slo[] {
  const { name, owner, tier, http } = service;
  if (http === undefined) return [];
  return [
    {
      service: name,
      team: owner,
      name: "availability",
      ...complete(settings ?? DEFAULT_AVAILABILITY[tier]),
      signal: httpAvailability(http.metrics, targetLabels(service)),
    },
  ];
}

function customSlo(name: string, settings: CustomObjective): Omit<Slo, "service" | "team"> {
  const { percent, period, minimumErrors, unit, description = "", examples: _, ...events } = settings;
  return {
    name,
    objective: percent,
    period,
    minimumErrors,
    signal: customSignal({ name, unit, description, events }),
  };
}

/** What a good and a bad event of an objective are counted by; `undefined` where a team's own objective does not say it. */
export function examplesOf(service: Service, name: string, environment?: string): ExampleSeries | undefined {
  const { http, owner, environments, objectives: everywhere } = service;
  const here = environment === undefined ? undefined : settingsFor(environments, environment)?.objectives;
  const custom = settingsFor({ ...everywhere.custom, ...here?.custom }, name);
  if (custom !== undefined || http === undefined) return custom?.examples;
  const labels = { ...targetLabels(service), service: service.name, team: owner, pod: "a" };
  return httpExamples(http.metrics, labels);
}

function complete(settings: ObjectiveSettings): Pick<Slo, "objective" | "period" | "minimumErrors"> {
  if (typeof settings === "string")
    return { objective: settings, period: DEFAULT_PERIOD, minimumErrors: DEFAULT_MINIMUM_ERRORS };
  const { percent, period, minimumErrors } = settings;
  return { objective: percent, period, minimumErrors };
}

/** The labels that tell the series of a service from all others; its monitor sets them. */
export function targetLabels({ name, namespace }: Service): {
  readonly job: string;
  readonly namespace: string;
} {
  return { job: name, namespace };
}

function settingsFor<T>(byName: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(byName, name) ? byName[name] : undefined;
}

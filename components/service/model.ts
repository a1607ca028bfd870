import { z } from "zod";
import { InvalidInputError, joinPath, type Problem, shown } from "../core/problems.ts";
import { choice, dnsLabel, named, text, toggle } from "../core/schema.ts";
import { nearest, validate } from "../core/validation.ts";
import { HTTP_CONVENTIONS, httpAvailability } from "../signals/http.ts";
import {
  DEFAULT_MINIMUM_ERRORS,
  DEFAULT_PERIOD,
  errorFloor,
  objectivePath,
  objectivePercent,
  objectivePeriod,
  objectiveProblems,
  type Slo,
} from "../slo/model.ts";

/** How much a failure of the service matters; sets its default objective. */
export const SERVICE_TIERS = ["critical", "standard", "best-effort"] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** Percent of requests that must go well, where a service does not say it itself. */
const DEFAULT_AVAILABILITY: Readonly<Record<ServiceTier, string>> = {
  critical: "99.9",
  standard: "99.5",
  "best-effort": "99",
};

const objective = z.union(
  [
    objectivePercent(),
    z.strictObject({
      percent: objectivePercent().meta({ description: "Percent of requests that must go well." }),
      period: objectivePeriod()
        .default(DEFAULT_PERIOD)
        .meta({ description: "Rolling period of the budget." }),
      minimumErrors: errorFloor()
        .default(DEFAULT_MINIMUM_ERRORS)
        .meta({ description: "Failed requests within an alert's window below which nobody is told." }),
    }),
  ],
  { error: 'a percentage in quotes such as "99.9", or a map of percent, period and minimumErrors' },
);

const objectives = z.strictObject({
  availability: objective.optional().meta({ description: "Requests that are not the server's failure." }),
});

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
    .meta({ description: "Where the service reports its HTTP requests." }),
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

type ObjectiveSettings = z.output<typeof objective>;

/**
 * A service as data. Throws an InvalidInputError that lists every mistake; whether its owner exists is only known where an
 * environment is, see {@link serviceProblems}.
 */
export function defineService(definition: ServiceDefinition): Service {
  const named = (definition as { name?: unknown } | null | undefined)?.name;
  const root = typeof named === "string" ? joinPath("services", [named]) : "services";
  const shape = validate(serviceSchema, definition, root);
  const problems = shape.ok ? budgetProblems(shape.value, root) : shape.problems;
  if (!shape.ok || problems.length > 0) throw new InvalidInputError("defineService", problems);
  return shape.value;
}

function budgetProblems(service: Service, path: string): readonly Problem[] {
  return [undefined, ...Object.keys(service.environments)].flatMap((environment) =>
    slosOf(service, environment).flatMap(({ name, objective: percent, period }) =>
      objectiveProblems(percent, period, objectivePath(placeOf(environment, path), name)),
    ),
  );
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
  const { name, owner, tier, environments, objectives: everywhere } = service;
  const here = environment === undefined ? undefined : settingsFor(environments, environment)?.objectives;
  const availability = here?.availability ?? everywhere.availability ?? DEFAULT_AVAILABILITY[tier];
  return [
    {
      service: name,
      team: owner,
      name: "availability",
      ...complete(availability),
      signal: httpAvailability(service.http.metrics, targetLabels(service)),
    },
  ];
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

import { z } from "zod";
import { type Problem, shown } from "../core/problems.ts";
import { choice, dnsLabel, durationBetween, httpsUrl, list, named, text } from "../core/schema.ts";
import { type Validated, validate } from "../core/validation.ts";
import { errorBudgetSettings } from "../error-budget/model.ts";

// What a platform's stack hands to the programs of teams: one output, so that a program gets all of it or a clear refusal.

/** The output of a platform's stack that holds it. */
export const HANDOVER_OUTPUT = "bellwether";

/** Counts up when a field is added that programs cannot do without, changes its meaning or goes. */
export const HANDOVER_CONTRACT = 1;

/** The release of Bellwether that this is; a test holds it to package.json. */
export const RELEASE = "0.1.0";

const receivers = () => list(z.string({ error: "the name of a receiver" }), 1, 100);

// Takes what it does not know, and drops it: a platform may be newer than a program, and hand over more.
const handoverSchema = z.object({
  contract: z.literal(HANDOVER_CONTRACT, { error: `the number ${HANDOVER_CONTRACT}` }),
  release: text(/^\d+\.\d+\.\d+/, "a version such as 0.1.0").meta({
    description: "The release of Bellwether that deployed the platform.",
  }),
  environment: dnsLabel().meta({ description: "The environment's name." }),
  tier: choice(["production", "staging", "development", "local"]).meta({
    description: "The environment's tier. It sets the enforcement levels of the policies.",
  }),
  clusterName: z
    .string({ error: "the name of a cluster" })
    .meta({ description: "Name of the Kubernetes cluster." }),
  monitoringNamespace: dnsLabel().meta({ description: "The namespace of monitors and rules." }),
  scrapeInterval: durationBetween("1s", "1h").meta({
    description: "Scrape interval of targets and evaluation interval of rules.",
  }),
  retention: durationBetween("1h", "3650d").meta({
    description: "Retention of samples. The period of an objective must not be longer.",
  }),
  runbookBaseUrl: httpsUrl().meta({
    description: "URL at which the runbooks are published: `<base>/<Alert>.md`.",
  }),
  grafanaUrl: httpsUrl().optional().meta({ description: "URL of Grafana." }),
  // A platform of an older release does not say, and services of other programs have no dashboard.
  grafana: z
    .object({
      delivery: choice(["config-maps", "api"]).meta({
        description:
          "config-maps: Grafana reads the ConfigMaps in the namespace of the platform. api: dashboards are created with a provider of Grafana.",
      }),
      orgId: text(/^\d{1,10}$/, "the id of an organisation")
        .optional()
        .meta({
          description: "Id of the organisation of the dashboards.",
        }),
      dataSource: z
        .object({
          uid: z.string({ error: "a uid" }),
          name: z.string({ error: "a name" }),
          type: choice(["prometheus", "grafana-amazonprometheus-datasource"]),
        })
        .meta({ description: "The data source that dashboards query." }),
      folders: named(
        dnsLabel(),
        z.object({ uid: z.string({ error: "a uid" }), title: z.string({ error: "a title" }) }),
      ).meta({
        description: "The folder of each team, by the name of the team.",
      }),
    })
    .optional()
    .meta({ description: "What a dashboard in Grafana needs. No secret." }),
  teams: named(
    dnsLabel(),
    z.object({
      critical: receivers(),
      warning: receivers(),
      // A platform of an older release has no hours.
      warningHours: z.string({ error: "the hours in words" }).optional(),
    }),
  ).meta({
    description:
      "Teams that can own a service, with the receivers of each severity and the hours of warnings, in words.",
  }),
  // A platform of an older release has none. Not strict: a newer one may have more.
  errorBudget: z.object(errorBudgetSettings.shape).optional().meta({
    description: "The error-budget policy of the environment.",
  }),
  // A platform of an older release has no receiver.
  otlp: z.boolean({ error: "true or false" }).optional().meta({
    description: "Whether Prometheus receives what services push by OTLP.",
  }),
  // On a platform of an older release every tier pages. A newer one may have more tiers.
  pages: list(z.string({ error: "the tier of a service" }), 0, 20)
    .optional()
    .meta({ description: "Tiers of services whose alerts page if their definitions do not say it." }),
  // A platform of an older release does not say.
  namespaces: named(dnsLabel(), dnsLabel()).optional().meta({
    description:
      "The namespaces that a team owns, by name. The platform's alerts about workloads in other namespaces go to the team of the platform.",
  }),
  services: named(dnsLabel(), dnsLabel()).meta({
    description:
      "The services of the platform's own program, with their owners. Other programs cannot use these names.",
  }),
});

/** What a program of a team knows of the platform that it is on. */
export type PlatformHandover = Readonly<z.output<typeof handoverSchema>>;

/** The schema, for the reference. */
export const platformHandover = handoverSchema;

/**
 * The outputs of a platform's stack, checked. `stack` is its name, and the root of the problems' paths. An output that is missing or
 * of another contract is one problem, which names the releases and what mends it.
 */
export function handoverFrom(
  outputs: Readonly<Record<string, unknown>>,
  stack: string,
): Validated<PlatformHandover> {
  const raw = outputs[HANDOVER_OUTPUT];
  const path = `${stack}.${HANDOVER_OUTPUT}`;
  if (raw === undefined)
    return refused({
      path,
      found:
        Object.keys(outputs).length === 0
          ? "nothing: the stack was never deployed, has another name, or is of an older release"
          : `nothing, among the outputs ${Object.keys(outputs).sort().join(", ")}`,
      allowed: `what a platform of Bellwether ${RELEASE} or newer hands over`,
      fix: "name the platform's stack as organisation/project/stack, and let its owners run pulumi up with that release or newer",
    });
  const { contract, release } = (raw ?? {}) as { readonly contract?: unknown; readonly release?: unknown };
  if (contract !== HANDOVER_CONTRACT)
    return refused({
      path: `${path}.contract`,
      found: `${shown(contract)}, of a platform that was deployed by Bellwether ${release ?? "of an unknown release"}`,
      allowed: `${HANDOVER_CONTRACT}, which this program's Bellwether ${RELEASE} reads`,
      fix:
        typeof contract === "number" && contract > HANDOVER_CONTRACT
          ? `install the platform's release here: npm install bellwether@${release}`
          : `ask the platform's owners to run pulumi up with Bellwether ${RELEASE} or newer`,
    });
  const checked = validate(handoverSchema, raw, path);
  if (checked.ok) return checked;
  const fix = `ask the platform's owners to run pulumi up with Bellwether ${RELEASE} or newer; theirs was ${release}`;
  return { ok: false, problems: checked.problems.map((problem) => ({ ...problem, fix })) };
}

function refused(problem: Problem): Validated<never> {
  return { ok: false, problems: [problem] };
}

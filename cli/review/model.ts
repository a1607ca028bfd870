import { VERSIONS } from "../../components/core/versions.ts";
import type { SloPromises } from "../../components/slo/promises.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { PolicyResult } from "../policy/verdict.ts";
import type { WaiverUse } from "../policy/waiver-uses.ts";
import type { AlertRow } from "../report/alerts.ts";
import type { Report } from "../report/model.ts";
import { leavesOf } from "./leaves.ts";

/** The number of the form of model.json. A review compares only models of its own number. */
export const MODEL_FORMAT = 1;

/** One alert, without what is only drawn. */
export type ModelAlert = Pick<
  AlertRow,
  | "name"
  | "severity"
  | "team"
  | "service"
  | "slo"
  | "by"
  | "for"
  | "keepFiringFor"
  | "summary"
  | "description"
  | "receivers"
  | "byNamespace"
  | "runbookUrl"
  | "dashboardUrl"
  | "expr"
  | "problem"
> & {
  /** Absent: promtool tests it. */
  readonly unproven?: true;
};

/** What model.json of `out/<environment>/` says, beside what the other files say already. */
export interface WrittenModel {
  readonly format: number;
  readonly environment: string;
  readonly tier: string;
  readonly scrapeInterval: string;
  /** The programs that are deployed. */
  readonly versions: Readonly<Record<string, string>>;
  /** Every setting of the environment by path, the defaults of its tier among them. Secrets are there by name only. */
  readonly settings: Readonly<Record<string, string>>;
  /** Every service as this environment runs it: its definition by path. */
  readonly services: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly alerts: readonly ModelAlert[];
  readonly objectives: readonly SloPromises[];
  /** The waivers that name the environment. Absent: a version of Bellwether wrote it that had none as data. */
  readonly waivers?: readonly WaiverUse[];
}

/** A resource of graph.json. */
export interface ModelResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
  readonly protect: boolean;
  readonly retainOnDelete?: boolean;
  readonly aliases?: readonly string[];
  /** Paths that a deployment sets when it creates the resource and leaves alone afterwards. */
  readonly ignoreChanges?: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Everything that a review compares of one environment. */
export interface EnvironmentModel extends WrittenModel {
  readonly resources: readonly ModelResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  /** By uid. */
  readonly dashboards: Readonly<Record<string, unknown>>;
  readonly policies: readonly PolicyResult[];
  /** The configuration of Alertmanager; undefined where the program has none. */
  readonly alertmanager: unknown;
}

/** What a model has beside the report. */
interface ModelSources {
  readonly objectives: readonly SloPromises[];
  /** The services by name. */
  readonly definitions: Readonly<Record<string, unknown>>;
  readonly waivers: readonly WaiverUse[];
}

/** The text of model.json. */
export function modelFile(
  report: Report,
  environment: Environment,
  { objectives, definitions, waivers }: ModelSources,
): string {
  const services = Object.entries(definitions).map(
    ([name, definition]) => [name, Object.fromEntries(leavesOf(withFileNames(definition)))] as const,
  );
  const model: WrittenModel = {
    format: MODEL_FORMAT,
    environment: report.environment,
    tier: report.tier,
    scrapeInterval: environment.prometheus.scrapeInterval,
    versions: VERSIONS,
    settings: Object.fromEntries(leavesOf(environment)),
    services: Object.fromEntries(services),
    alerts: report.alerts.map(modelAlert),
    objectives,
    ...(waivers.length > 0 && { waivers }),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

/** A definition with the names of its exported dashboards: what is in them is compared as dashboards. */
export function withFileNames(definition: unknown): unknown {
  const { dashboards } = (definition ?? {}) as {
    readonly dashboards?: readonly { readonly file?: unknown }[];
  };
  if (dashboards === undefined) return definition;
  return { ...(definition as object), dashboards: dashboards.map(({ file }) => file) };
}

/** An alert of a report, without what is only drawn. */
export function modelAlert(row: AlertRow): ModelAlert {
  const { id: _, reads: __, messages: ___, unproven, ...alert } = row;
  return unproven ? { ...alert, unproven } : alert;
}

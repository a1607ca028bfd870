import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import { artefactsOf, policyFiles } from "../artefacts/artefacts.ts";
import type { PackConfig } from "../policy/judgement.ts";
import { judgeByOwnPack } from "../policy/own-pack.ts";
import { packConfig, withoutQuestions } from "../policy/pack-config.ts";
import { type PolicyResult, policyResult } from "../policy/verdict.ts";
import { waiverNotices as noticesOf, waiverUses } from "../policy/waiver-uses.ts";
import { type LoadedWaivers, WITHOUT_WAIVERS, waiversIn } from "../policy/waivers.ts";
import type { Recording } from "../recording/monitor.ts";
import { record } from "../recording/recorder.ts";
import type { Wire } from "../recording/wire.ts";
import { type Handovers, handoversIn } from "./handovers.ts";
import {
  type MonitoredService,
  monitoredServices,
  type NamespaceOwner,
  namespaceOwners,
  type RoutedAlert,
  routedAlerts,
  testsOf,
} from "./services.ts";

// Previews a program that is not the platform's own: a team's, with the npm package. `bellwether preview` writes down what this finds,
// and a team's tests can assert on it.

/** A program, and what the engine and the platform would tell it. */
export interface ProgramToPreview {
  /** Runs the program, such as `() => import("./index.ts")`. A function that a module exports as its default is called. */
  readonly program: () => Promise<unknown>;
  /** What the stacks that it refers to export, by the name that the program uses: what `pulumi stack output --json` prints. */
  readonly platforms: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The stack's name. Default: `preview`. */
  readonly stack?: string;
  /** The Pulumi project's name. Default: `team`. */
  readonly project?: string;
  /** The stack's config by full key, such as `acme:region`; a map or a list as its JSON. Default: none. */
  readonly config?: Readonly<Record<string, string>>;
  /** The day that waivers and support calendars are read at, as YYYY-MM-DD. Default: today. */
  readonly today?: string;
  /** The file of waivers, from the working directory: docs/how-to/policies.md. Default: none. */
  readonly waivers?: string;
  /** Whether the policies judge the program. Default: true. */
  readonly policies?: boolean;
}

/** A resource as the program registered it; secrets are marked and unknowns too. */
export interface PreviewedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a program would do, and what would be said of it. */
export interface ProgramPreview {
  readonly resources: readonly PreviewedResource[];
  readonly services: readonly MonitoredService[];
  /** Every alert of the services, with its receivers. */
  readonly alerts: readonly RoutedAlert[];
  /** Who gets the platform's alerts about the workloads in the services' namespaces. */
  readonly namespaces: readonly NamespaceOwner[];
  /** Every policy result, waived ones too. */
  readonly policies: readonly PolicyResult[];
  /** How many policies were checked; those that the platform's tier disables are not. */
  readonly policiesAsked: number;
  /** The waivers that end soon, have ended or are about no finding, as sentences. */
  readonly waiverNotices: readonly string[];
  /** Whether no mandatory policy is violated, and every critical and warning alert has a receiver. */
  readonly passes: boolean;
  /** What other tools read, by path: manifests, rule files with their promtool cases, dashboards, policies.json. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Runs a program without an engine, an account or a network, as far as `pulumi preview` would on a new stack. Rejects with an
 * InvalidInputError for mistakes in a definition, and where the outputs of its platform were not given.
 *
 * A module runs once: to preview a program twice, start a process for each, or let the program export a function.
 */
export async function preview(options: ProgramToPreview): Promise<ProgramPreview> {
  const { stack = "preview", project = "team", today = new Date().toISOString().slice(0, 10) } = options;
  const handovers = handoversIn(options.platforms);
  // A mistake in a waiver is said before the program runs.
  const waivers =
    options.waivers === undefined ? WITHOUT_WAIVERS : await waiversIn(resolve(options.waivers), today);
  const recording = await recordProgram(options, stack, project, today);
  const services = monitoredServices(recording);
  const artefacts = artefactsOf(recording, stack, today, testsOf(services));
  const alerts = routedAlerts(services, handovers);
  const { policies, policiesAsked, waiverNotices, config } =
    options.policies === false
      ? NOT_JUDGED
      : await judged(recording, { stack, project, today, handovers, waivers });
  const withoutReceiver = alerts.filter(({ problem }) => problem !== undefined);
  return {
    resources: recording.resources,
    services,
    alerts,
    namespaces: namespaceOwners(services, handovers),
    policies,
    policiesAsked,
    waiverNotices,
    passes: withoutReceiver.length === 0 && policies.every(({ level }) => level !== "mandatory"),
    files: new Map([...artefacts.files, ...policyFiles(policies, config)]),
  };
}

async function recordProgram(
  { program, platforms, config = {} }: ProgramToPreview,
  stack: string,
  project: string,
  today: string,
): Promise<Recording> {
  const unanswered: string[] = [];
  const references = {
    outputs: platforms as Readonly<Record<string, { readonly [name: string]: Wire }>>,
    onUnanswered: (name: string) => void unanswered.push(name),
  };
  try {
    return await record(
      () => runModule(program),
      { project, stack, config, secretKeys: [], references },
      { today, repeatable: false },
    );
  } catch (error) {
    if (error instanceof InvalidInputError && unanswered.length > 0)
      throw new InvalidInputError("The preview", unanswered.map(missingOutputs));
    throw error;
  }
}

function missingOutputs(stack: string): Problem {
  return {
    path: `platforms[${JSON.stringify(stack)}]`,
    found: "nothing, though the program refers to that stack",
    allowed: "what the stack exports, as there is no engine to ask",
    fix: `run: pulumi stack output --json --stack ${stack} > platforms/${stack.replaceAll("/", ".")}.json`,
  };
}

/** As Pulumi does it: a default export that is a function is the program, else all that a module exports are its outputs. */
async function runModule(program: () => Promise<unknown>): Promise<Record<string, unknown>> {
  const exported = await program();
  const main = (exported as { readonly default?: unknown } | undefined)?.default ?? exported;
  const outputs = typeof main === "function" ? ((await main()) as unknown) : main;
  return outputs !== null && typeof outputs === "object" ? { ...outputs } : {};
}

interface Circumstances {
  readonly stack: string;
  readonly project: string;
  readonly today: string;
  readonly handovers: Handovers;
  readonly waivers: LoadedWaivers;
}

/** The folder of the policy pack. */
const POLICY_PACK = fileURLToPath(new URL("../../policies/packs/bellwether", import.meta.url));

interface Judgement extends Pick<ProgramPreview, "policies" | "policiesAsked" | "waiverNotices"> {
  readonly config: PackConfig;
}

const NOT_JUDGED: Judgement = { policies: [], policiesAsked: 0, waiverNotices: [], config: {} };

async function judged(
  recording: Recording,
  { stack, project, today, handovers, waivers }: Circumstances,
): Promise<Judgement> {
  const config = levels(handovers);
  const { asked, diagnostics } = await judgeByOwnPack(
    { name: "bellwether", waivers, today },
    { project, stack, recording, config: withoutQuestions(config) },
  );
  const policies = diagnostics.map((diagnostic) => policyResult(diagnostic, waivers.waivers, today));
  const waiverNotices = noticesOf(waiverUses(waivers.waivers, stack, policies), stack, today);
  return { policies, policiesAsked: asked, waiverNotices, config };
}

/** As strict as the platform's environment is; as production where it is not known. */
function levels(handovers: Handovers): PackConfig {
  const [handover] = handovers.values();
  return packConfig(POLICY_PACK, {
    tier: handover?.tier ?? "production",
    errorBudget: handover?.errorBudget,
  });
}

export type { MonitoredService, NamespaceOwner, PolicyResult, RoutedAlert, ServiceMonitoringArgs };

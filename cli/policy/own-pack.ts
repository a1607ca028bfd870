import { askAboutResource, askAboutStack, isAbout, type PackContext } from "../../policies/packs/ask.ts";
import { packContext } from "../../policies/packs/context.ts";
import { AskedBudgets } from "../../policies/packs/error-budgets.ts";
import { type PackName, policiesOf } from "../../policies/packs/packs.ts";
import type { Policy, ResourcePolicy, StackPolicy } from "../../policies/rules/policy.ts";
import type { ResourceView, StackResource } from "../../policies/rules/resource.ts";
import { Value } from "../../policies/rules/value.ts";
import type { Waivers } from "../../policies/rules/waivers-file.ts";
import type { RecordedResource } from "../recording/monitor.ts";
import { revealed } from "../recording/wire.ts";
import { byKey, type Diagnostic, type Judged, type Judgement, settingsOf } from "./judgement.ts";

/** One of our packs, and what it judges with. */
export interface OwnPack {
  readonly name: PackName;
  readonly waivers: Waivers;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/**
 * Asks one of our packs about a stack in this process, with the verdicts that `pulumi up` has from Pulumi's server of it: to start that and to send
 * it every resource costs more than all that a preview does beside. Unlike the engine, which leaves the policies over the whole stack out
 * after a mandatory violation, this always asks them, so that nothing stays hidden behind the first finding.
 */
export async function judgeByOwnPack(
  { name, waivers, today }: OwnPack,
  { recording, config }: Judged,
): Promise<Judgement> {
  const context = packContext(today, waivers);
  const views = viewsOf(recording.resources);
  const budgets = new AskedBudgets(process.env);
  const diagnostics: Diagnostic[] = [];
  const asked = policiesOf(name)
    .map((policy) => ({ policy, ...settingsOf(config, policy.id) }))
    .filter(({ policy, level }) => (level ?? policy.levels.production) !== "disabled");
  for (const { policy, level, properties } of asked) {
    const given = level ?? policy.levels.production;
    // What is still wrong after remediation, or cannot be remediated, refuses the deployment.
    const enforced = given === "advisory" ? given : "mandatory";
    const settings = () => ({ ...defaultsOf(policy), ...properties });
    for (const report of await reportsOf(policy, views, { context, settings, budgets }))
      diagnostics.push({
        pack: name,
        policy: policy.id,
        level: (report.enforcementLevel ?? enforced) === "mandatory" ? "mandatory" : "advisory",
        severity: policy.severity,
        urn: report.urn,
        message: report.message,
      });
  }
  return { asked: asked.length, diagnostics: diagnostics.sort(byKey) };
}

interface Asked {
  readonly context: PackContext;
  readonly settings: () => Readonly<Record<string, unknown>>;
  readonly budgets: AskedBudgets;
}

async function reportsOf(policy: Policy, views: readonly StackResource[], asked: Asked) {
  if (policy.scope === "stack") return askAboutStack(policy, views, asked.context, asked.settings);
  const reports = [];
  for (const view of views)
    if (isAbout(policy, view.type)) {
      const said = askAboutResource(policy, view, asked.context, asked);
      reports.push(...(said instanceof Promise ? await said : said));
    }
  return reports;
}

function defaultsOf({ settings = {} }: ResourcePolicy | StackPolicy): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, { default: otherwise }]) => [key, otherwise]),
  );
}

/** The resources as policies see them. There are no outputs yet: the inputs say what will be. */
function viewsOf(resources: readonly RecordedResource[]): readonly StackResource[] {
  const properties = new Map<string, Value>(
    resources.map(({ urn, inputs }) => [urn, new Value(revealed(inputs))]),
  );
  const known = new Set(properties.keys());
  return resources.map((resource) => {
    const { type, name, urn, protect } = resource;
    const provider = resource.provider === undefined ? undefined : properties.get(resource.provider);
    const view: ResourceView = {
      type,
      name,
      urn,
      protect,
      properties: properties.get(urn) ?? new Value({}),
      ...(provider === undefined ? {} : { provider }),
    };
    const sources = Object.entries(resource.propertyDependencies).map(([input, urns]) => [
      input,
      urns.filter((source) => known.has(source)),
    ]);
    return { ...view, sources: Object.fromEntries(sources) as StackResource["sources"] };
  });
}

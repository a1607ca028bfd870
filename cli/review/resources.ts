import { count } from "../report/numbers.ts";
import type { Change, Detail } from "./change.ts";
import { EFFECTS, type Effect, HOLDS_DATA } from "./effects.ts";
import { changesWithin, isMap, type LeafChange } from "./leaves.ts";
import type { EnvironmentModel, ModelResource } from "./model.ts";
import { earlierUrns } from "./moved.ts";

type Resources = Pick<EnvironmentModel, "resources">;

/** What the engine found out about a resource. */
interface Verdict {
  readonly is: "same" | "updated" | "replaced";
  /** What is different; of a replacement, what cannot be changed in place. */
  readonly paths: readonly string[];
}

/** What the engine says of resources, by URN. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/**
 * What `pulumi up` would create, update, replace, move and delete, without what the other parts of a review say. Of a `drift` every field is
 * compared here, and no effect is said: it has happened.
 *
 * @param engine what the engine says of them. Without it what is replaced is known from a table.
 */
export function resourceChanges(
  before: Resources,
  after: Resources,
  of: "change" | "drift" = "change",
  engine?: Verdicts,
): readonly Change[] {
  const was = new Map(real(before).map((resource) => [resource.urn, resource]));
  const moved: Change[] = [];
  const pairs: (readonly [ModelResource, ModelResource])[] = [];
  const created: ModelResource[] = [];
  const parents = new Map(after.resources.map((resource) => [resource.urn, resource]));
  for (const resource of real(after)) {
    const urn = [resource.urn, ...earlierUrns(resource, parents)].find((each) => was.has(each));
    const old = urn === undefined ? undefined : was.get(urn);
    if (urn === undefined || old === undefined) {
      created.push(resource);
      continue;
    }
    was.delete(urn);
    pairs.push([old, resource]);
    if (urn !== resource.urn) moved.push(movedChange(old, resource));
  }
  const deleted = [...was.values()];
  const twice = sameObject(deleted, created);
  return [
    ...deletions(deleted.filter((each) => !twice.has(each.urn))),
    ...twice.values(),
    ...creations(created),
    ...moved,
    ...pairs.flatMap(([old, fresh]) => updates(old, fresh, of, engine?.get(fresh.urn))),
  ];
}

/** Components are made of resources, and the stack of all. */
function real({ resources }: Resources): readonly ModelResource[] {
  return resources.filter(({ type }) => !type.startsWith("bellwether:") && type !== "pulumi:pulumi:Stack");
}

/** `kubernetes:core/v1:Secret` is `Secret`; `aws:ec2/subnet:Subnet` is `ec2 Subnet`. */
function shortType(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  return pkg === "aws" ? `${module.split("/")[0]} ${name}` : name;
}

/** The kind and name of a resource, such as `ServiceMonitor storefront`. */
export function called({ type, name }: ModelResource): string {
  return `${shortType(type)} ${name}`;
}

function kindsOf(resources: readonly ModelResource[]): string {
  const kinds = new Map<string, number>();
  for (const { type } of resources) kinds.set(shortType(type), (kinds.get(shortType(type)) ?? 0) + 1);
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, number]) => (number === 1 ? kind : `${number} × ${kind}`))
    .join(", ");
}

function movedChange(old: ModelResource, fresh: ModelResource): Change {
  return {
    kind: "resource-moved",
    about: called(fresh),
    what: `keeps its state under another ${old.name === fresh.name ? "parent or type" : "name"}; nothing is replaced`,
    details: [{ label: "URN", before: shortUrn(old), after: shortUrn(fresh) }],
  };
}

function shortUrn({ urn }: ModelResource): string {
  return urn.split("::").slice(2).join("::");
}

function deletions(resources: readonly ModelResource[]): readonly Change[] {
  const holding = resources.filter(
    ({ type, retainOnDelete }) => HOLDS_DATA[type] !== undefined && retainOnDelete !== true,
  );
  const others = resources.filter((each) => !holding.includes(each));
  return [
    ...holding.map(
      (resource): Change => ({
        kind: "data-deleted",
        about: called(resource),
        what: `is deleted: ${HOLDS_DATA[resource.type]}${resource.protect ? "; it is protected, so pulumi up stops before it" : ""}`,
      }),
    ),
    ...(others.length === 0
      ? []
      : [
          {
            kind: "resource-deleted",
            about: count(others.length, "resource"),
            what: `deleted: ${kindsOf(others)}`,
            details: names(others),
          } as const,
        ]),
  ];
}

function creations(resources: readonly ModelResource[]): readonly Change[] {
  if (resources.length === 0) return [];
  return [
    {
      kind: "resource-created",
      about: count(resources.length, "resource"),
      what: `created: ${kindsOf(resources)}`,
      details: names(resources),
    },
  ];
}

function names(resources: readonly ModelResource[]): readonly Detail[] {
  return resources.map((resource) => ({ label: called(resource) }));
}

/** Objects of Kubernetes that are deleted under one name of Pulumi and created under another: an alias is missing. */
function sameObject(
  deleted: readonly ModelResource[],
  created: readonly ModelResource[],
): ReadonlyMap<string, Change> {
  const fresh = new Map(
    created.flatMap((resource) =>
      objectOf(resource) === undefined ? [] : [[objectOf(resource), resource] as const],
    ),
  );
  return new Map(
    deleted.flatMap((old) => {
      const key = objectOf(old);
      const other = key === undefined ? undefined : fresh.get(key);
      if (other === undefined) return [];
      const change: Change = {
        kind: "resource-replaced",
        about: called(old),
        what: `is deleted, and created as ${other.name}, which is the same object: pulumi up fails or deletes what it has just created; give the new one an alias`,
      };
      return [[old.urn, change] as const];
    }),
  );
}

function objectOf({ type, inputs }: ModelResource): string | undefined {
  const metadata = inputs["metadata"];
  if (!type.startsWith("kubernetes:") || !isMap(metadata)) return undefined;
  return JSON.stringify([type, metadata["namespace"], metadata["name"]]);
}

function updates(
  old: ModelResource,
  fresh: ModelResource,
  of: "change" | "drift",
  verdict: Verdict | undefined,
): readonly Change[] {
  const lifted = liftedProtection(old, fresh);
  if (verdict?.is === "same") return lifted;
  const all = decided(changesWithin(old.inputs, fresh.inputs).filter(({ path }) => !isIgnored(fresh, path)));
  const details = all.filter(({ path }) => of === "drift" || !isSaidElsewhere(fresh, path));
  if (verdict !== undefined && all.length === 0) return [...lifted, hiddenUpdate(fresh, verdict)];
  if (details.length === 0 && verdict?.is !== "replaced") return lifted;
  if (of === "drift") return [...lifted, updated(fresh, details, shown(details))];
  const effects = [...new Set(details.flatMap(({ path }) => effectOf(fresh.type, path) ?? []))];
  const replaced = replacement(effects, verdict);
  const words = effects.filter(({ replaces }) => replaces !== true);
  const what = `${shown(details)}${effectInWords(fresh.type, words, replaced, verdict)}`.replace(/^; /, "");
  return [...lifted, { ...updated(fresh, details, what), kind: kindOf(fresh, replaced) }];
}

/** Without what is known only after the deployment, if there is anything else: that follows from other resources. */
function decided(changes: readonly LeafChange[]): readonly LeafChange[] {
  const open = changes.filter(({ after }) => after?.includes("[unknown]") === true);
  const follows = ({ path, after }: LeafChange) =>
    after === undefined && open.some((above) => isBelow(path, above.path));
  const known = changes.filter((change) => !open.includes(change) && !follows(change));
  if (known.length > 0) return known;
  // Of a map, such as a kubeconfig, it was a value all the same.
  return open.map((change) => ({ ...change, before: change.before ?? "a value" }));
}

/** Whether a deployment leaves a path alone once the resource exists. The engine has said so itself, where it was asked. */
function isIgnored({ ignoreChanges = [] }: ModelResource, path: string): boolean {
  return ignoreChanges.some((each) => path === each || isBelow(path, each));
}

/** Whether a path leads to a field or an item of what another leads to. */
function isBelow(path: string, above: string): boolean {
  return path.startsWith(above) && /^[.[]/.test(path.slice(above.length));
}

function liftedProtection(old: ModelResource, fresh: ModelResource): readonly Change[] {
  const changes: Change[] = [];
  if (old.protect && !fresh.protect)
    changes.push({
      kind: "protection-lifted",
      about: called(fresh),
      what: "is no longer protected: pulumi can delete it from now on",
    });
  if (old.retainOnDelete === true && fresh.retainOnDelete !== true)
    changes.push({
      kind: "protection-lifted",
      about: called(fresh),
      what: "is no longer kept when it is removed from the program",
    });
  return changes;
}

/** What the engine counts as different, and looks the same on both sides: it shows no secret, or cannot compare. */
function hiddenUpdate(resource: ModelResource, { is, paths }: Verdict): Change {
  const replaced = is === "replaced" ? "it is replaced" : undefined;
  const what =
    paths.length > 0
      ? `${paths.join(", ")} changes; the engine does not show it, because it is secret`
      : "may change: what its provider is configured with is known only after the deployment, so the engine cannot compare it before";
  return {
    kind: kindOf(resource, replaced),
    about: called(resource),
    what: `${what}${replaced === undefined ? "" : `; ${replaced}`}`,
  };
}

/** Why a resource is replaced, in words; undefined: it is not. The engine knows better than the table. */
function replacement(effects: readonly Effect[], verdict: Verdict | undefined): string | undefined {
  const listed = effects.find(({ replaces }) => replaces === true);
  if (verdict === undefined) return listed?.words;
  if (verdict.is !== "replaced") return undefined;
  const paths = verdict.paths.length === 0 ? "it" : verdict.paths.join(", ");
  return listed?.words ?? `${paths} cannot be changed in place: the engine replaces the resource`;
}

function kindOf({ type }: ModelResource, replaced: string | undefined): Change["kind"] {
  if (replaced === undefined) return "resource-updated";
  return HOLDS_DATA[type] === undefined ? "resource-replaced" : "data-deleted";
}

function updated(resource: ModelResource, details: readonly LeafChange[], what: string): Change {
  return { kind: "resource-updated", about: called(resource), what, details: details.map(asDetail) };
}

/** Where a path changes what another part of a review compares: rules, dashboards. */
function isSaidElsewhere({ type, inputs }: ModelResource, path: string): boolean {
  if (type === "kubernetes:monitoring.coreos.com/v1:PrometheusRule") return path.startsWith("spec.groups");
  if (type === "grafana:oss/dashboard:Dashboard") return path.startsWith("configJson");
  if (type === "grafana:alerting/ruleGroup:RuleGroup") return path.startsWith("rules");
  const metadata = inputs["metadata"];
  const labels = isMap(metadata) ? metadata["labels"] : undefined;
  return isMap(labels) && labels["grafana_dashboard"] !== undefined && path.startsWith("data.");
}

function effectOf(type: string, path: string): Effect | undefined {
  return EFFECTS.find((effect) => effect.types.test(type) && effect.path.test(path));
}

function effectInWords(
  type: string,
  effects: readonly Effect[],
  replaced: string | undefined,
  verdict: Verdict | undefined,
): string {
  if (replaced !== undefined) return `; ${replaced}`;
  if (effects.length > 0) return `; ${effects.map(({ words }) => words).join("; ")}`;
  if (!type.startsWith("aws:")) return "";
  return verdict === undefined
    ? "; whether AWS changes it in place is not known here, pulumi preview says it"
    : "; AWS changes it in place";
}

const LONGEST_VALUE = 60;

function shown(details: readonly LeafChange[]): string {
  const first = details
    .slice(0, 2)
    .map(({ path, before = "nothing", after = "nothing" }) =>
      before.length > LONGEST_VALUE || after.length > LONGEST_VALUE
        ? `${path} changes`
        : `${path} ${before} → ${after}`,
    );
  return [...first, ...(details.length > 2 ? [`and ${details.length - 2} more`] : [])].join(", ");
}

function asDetail({ path, before, after }: LeafChange): Detail {
  return { label: path, before, after };
}

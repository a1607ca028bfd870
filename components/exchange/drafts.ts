import { joinPath, type Problem } from "../core/problems.ts";
import type { Validated } from "../core/validation.ts";
import {
  checkedService,
  type OwnAlertDraft,
  type Service,
  type ServiceDefinition,
  type ServiceTier,
} from "../service/model.ts";
import { type CustomEvents, queriesOf } from "../signals/custom.ts";
import { objectiveProblems } from "../slo/model.ts";
import type { Period } from "../slo/windows.ts";
import type { Ledger, Path } from "./ledger.ts";
import { scrapeOf } from "./queries.ts";

/** What a file of another format does not say of a service, and a definition needs. */
export interface ImportOptions {
  /** The team of services whose file names none by a label `team` or `owner`. */
  readonly owner?: string;
  readonly namespace?: string;
  /** Default: standard. */
  readonly tier?: ServiceTier;
}

/** A service as a person would write it, and what becomes of that. */
export interface ImportedService {
  readonly definition: ServiceDefinition;
  readonly service: Service;
}

/** One objective as a definition holds it. */
export type ObjectiveDraft = CustomEvents & {
  readonly percent: string;
  readonly period?: Period;
  readonly minimumErrors?: number;
  readonly unit?: string;
  readonly description?: string;
};

/** A service that is being put together from one or more documents. */
export interface ServiceDraft {
  readonly name: string;
  /** The document that named it first, for problems. */
  readonly root: string;
  owner?: string;
  namespace?: string;
  tier?: ServiceTier;
  description?: string;
  readonly objectives: Map<string, ObjectiveDraft>;
  readonly alerts: Map<string, OwnAlertDraft>;
}

/** The services of all documents, each by its name. */
export class Drafts {
  private readonly byName = new Map<string, ServiceDraft>();
  private readonly format: string;

  constructor(format: string) {
    this.format = format;
  }

  /** The service of a name, begun where it was not there yet; `undefined` where no name can be made of the text. */
  service(text: string, path: Path, ledger: Ledger): ServiceDraft | undefined {
    const name = carriedName(text, path, ledger);
    if (name === undefined) return undefined;
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const draft: ServiceDraft = { name, root: ledger.root, objectives: new Map(), alerts: new Map() };
    this.byName.set(name, draft);
    return draft;
  }

  /** All services that kept an objective or an alert, or what is missing to make them. */
  services(options: ImportOptions): Validated<readonly ImportedService[]> {
    const drafts = [...this.byName.values()].filter(
      ({ objectives, alerts }) => objectives.size > 0 || alerts.size > 0,
    );
    const missing = drafts.flatMap((draft) => missingFrom(draft, options));
    if (missing.length > 0) return { ok: false, problems: missing };
    const problems: Problem[] = [];
    const services = drafts.flatMap((draft) => {
      const definition = this.definition(draft, options);
      const service = checkedService(definition);
      if (service.ok) return [{ definition, service: service.value }];
      problems.push(...service.problems);
      return [];
    });
    return problems.length > 0 ? { ok: false, problems } : { ok: true, value: services };
  }

  private definition(draft: ServiceDraft, options: ImportOptions): ServiceDefinition {
    return {
      name: draft.name,
      owner: draft.owner ?? options.owner ?? "",
      tier: draft.tier ?? options.tier ?? "standard",
      description: draft.description ?? generatedDescription(draft.name, this.format),
      namespace: draft.namespace ?? options.namespace ?? "",
      scrape: scrapeOf([
        ...[...draft.objectives.values()].flatMap(queriesOf),
        ...[...draft.alerts.values()].map(({ expr }) => expr),
      ]),
      ...(draft.objectives.size > 0 ? { objectives: { custom: Object.fromEntries(draft.objectives) } } : {}),
      ...(draft.alerts.size > 0 ? { alerts: Object.fromEntries(draft.alerts) } : {}),
    };
  }
}

/** The metadata of an object of Kubernetes. */
interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | null | undefined;
}

/**
 * The draft of the service that an object is about: of the first of some labels that it has, else of its own name. Without one, all of the
 * object is told as lost with the name, and nothing else of it.
 */
export function draftOfObject(
  { name, namespace, labels: given }: ObjectMetadata,
  serviceLabels: readonly string[],
  drafts: Drafts,
  ledger: Ledger,
): ServiceDraft | undefined {
  const labels = given ?? {};
  const label = serviceLabels.find((each) => labels[each] !== undefined);
  const path = label === undefined ? ["metadata", "name"] : ["metadata", "labels", label];
  const draft = drafts.service(label === undefined ? name : (labels[label] ?? ""), path, ledger);
  if (draft === undefined) ledger.covered([]);
  else if (namespace !== undefined) draft.namespace ??= namespace;
  return draft;
}

/** What a service is described by where its file does not do it. */
export function generatedDescription(name: string, format: string): string {
  return `${name}, imported from ${format}`;
}

function missingFrom({ root, owner, namespace }: ServiceDraft, options: ImportOptions): readonly Problem[] {
  const nothing = (field: string, allowed: string, fix: string): Problem => ({
    path: joinPath(root, [field]),
    found: "nothing",
    allowed,
    fix,
  });
  return [
    ...(owner === undefined && options.owner === undefined
      ? [
          nothing(
            "owner",
            "the team that is notified",
            "give --owner <team>, or write a label team into the file",
          ),
        ]
      : []),
    ...(namespace === undefined && options.namespace === undefined
      ? [nothing("namespace", "the namespace that the service runs in", "give --namespace <namespace>")]
      : []),
  ];
}

/**
 * Adds an objective under a name made from what the file calls it. A name that is taken gets a number; what has no name or no
 * budget is lost with all that belongs to it.
 */
export function addObjective(
  draft: ServiceDraft,
  objective: ObjectiveDraft,
  { text, namePath, percentPath, whole }: ObjectivePlaces,
  ledger: Ledger,
): void {
  if (objectiveProblems(objective.percent, objective.period ?? "30d", "").length > 0) {
    ledger.covered(whole);
    ledger.lost(percentPath, "objective");
    return;
  }
  const name = carriedName(text, namePath, ledger);
  if (name === undefined) {
    ledger.covered(whole);
    return;
  }
  const free = freeName(name, draft.objectives);
  if (free !== name) ledger.lost(namePath, "name-changed", `${JSON.stringify(text)}, now ${free}`);
  draft.objectives.set(free, objective);
}

/** Where the parts of an objective stand in its document. */
export interface ObjectivePlaces {
  readonly text: string;
  readonly namePath: Path;
  readonly percentPath: Path;
  readonly whole: Path;
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const candidate = `${name.slice(0, LONGEST_NAME - 1 - String(number).length)}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

const LONGEST_NAME = 40;

/** The text as a name, entered as carried, or as lost where it had to change. */
function carriedName(text: string, path: Path, ledger: Ledger): string | undefined {
  const name = nameFrom(text);
  if (name === text) ledger.carried(path);
  else
    ledger.lost(
      path,
      "name-changed",
      `${JSON.stringify(text)}, now ${name ?? "nothing: no letter to begin with"}`,
    );
  return name;
}

/** The nearest DNS label of at most 40 characters. */
function nameFrom(text: string): string | undefined {
  const name = text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, "");
  return name === "" ? undefined : name;
}

/** The labels that name who is notified. */
const OWNER_LABELS = ["team", "owner"];

/** Takes the owner from a map of labels. What names another owner than the one that is known already is lost. */
export function takeOwner(
  draft: ServiceDraft,
  labels: Readonly<Record<string, string>> | null | undefined,
  path: Path,
  ledger: Ledger,
): void {
  for (const label of OWNER_LABELS) {
    const text = labels?.[label];
    if (text === undefined) continue;
    const name = nameFrom(text);
    if (name === undefined) continue;
    draft.owner ??= name;
    if (draft.owner !== name) ledger.lost([...path, label], "second-owner");
    else if (name !== text)
      ledger.lost([...path, label], "name-changed", `${JSON.stringify(text)}, now ${name}`);
    else ledger.carried([...path, label]);
  }
}

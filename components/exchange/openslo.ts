import { type Validated, validate } from "../core/validation.ts";
import { SERVICE_TIERS, type ServiceTier } from "../service/model.ts";
import { Catalogue, type Entry, readMetadata } from "./catalogue.ts";
import { type Drafts, type ServiceDraft, takeOwner } from "./drafts.ts";
import { Ledger } from "./ledger.ts";
import type { Loss } from "./losses.ts";
import { ANNOTATIONS } from "./openslo-annotations.ts";
import { OPENSLO_VERSION, openSloObject } from "./openslo-file.ts";
import { readSlo, singleLabels } from "./openslo-objectives.ts";
import { sloProblems } from "./openslo-problems.ts";

/** Whether a document is OpenSLO's, by the field that says so. */
export function isOpenSlo(document: unknown): boolean {
  return (document as { apiVersion?: unknown } | null)?.apiVersion === OPENSLO_VERSION;
}

/** Reads all documents of OpenSLO into the drafts, and tells what of them was lost. */
export function readOpenSlo(
  documents: readonly { readonly document: unknown; readonly root: string }[],
  drafts: Drafts,
): Validated<readonly Loss[]> {
  const shapes = documents.map(({ document, root }) => ({
    document,
    root,
    shape: validate(openSloObject, document, root),
  }));
  const misshapen = shapes.flatMap(({ shape }) => (shape.ok ? [] : shape.problems));
  if (misshapen.length > 0) return { ok: false, problems: misshapen };
  const catalogue = new Catalogue(
    shapes.flatMap(({ document, root, shape }) =>
      shape.ok ? [{ object: shape.value as never, ledger: new Ledger(root, document) }] : [],
    ),
  );
  const problems = catalogue.of("SLO").flatMap((entry) => sloProblems(entry, catalogue));
  if (problems.length > 0) return { ok: false, problems };

  for (const { ledger } of catalogue.entries) ledger.carried(["apiVersion"], ["kind"]);
  for (const entry of catalogue.of("Service")) readService(entry, drafts);
  const used = new Set<string>();
  const read = new Set<string>();
  for (const entry of catalogue.of("SLO")) readSlo(entry, catalogue, drafts, { used, read });
  for (const { object, ledger } of catalogue.of("SLI")) {
    const { name } = object.metadata;
    if (!used.has(name)) ledger.lost([], "unused-indicator", `SLI ${name}`);
    // Only objectives that are lost refer to it: it is lost with them.
    else if (!read.has(name)) ledger.covered(["spec"]);
    readMetadata(object.metadata, ["metadata"], ledger);
  }
  for (const entry of catalogue.of("DataSource")) readDataSource(entry);
  for (const [kind, loss] of [
    ["AlertPolicy", "alert-policy"],
    ["AlertCondition", "alert-condition"],
    ["AlertNotificationTarget", "notification-target"],
  ] as const)
    for (const { object, ledger } of catalogue.of(kind))
      ledger.lost([], loss, `${kind} ${object.metadata.name}`);
  return { ok: true, value: catalogue.entries.flatMap(({ ledger }) => ledger.losses()) };
}

function readService({ object, ledger }: Entry<"Service">, drafts: Drafts): void {
  const { metadata, spec } = object;
  const draft = drafts.service(metadata.name, ["metadata", "name"], ledger);
  if (draft === undefined) {
    ledger.covered([]);
    return;
  }
  takeOwner(draft, singleLabels(metadata.labels), ["metadata", "labels"], ledger);
  takePlacement(draft, metadata.annotations, ledger);
  readMetadata(metadata, ["metadata"], ledger);
  const description = spec?.description?.trim().replaceAll(/\s+/g, " ");
  if (description === undefined) return;
  if (/^\S.{4,199}$/.test(description)) {
    draft.description = description;
    ledger.carried(["spec", "description"]);
  } else ledger.lost(["spec", "description"], "description");
}

/** What an exported service says of itself beside what OpenSLO asks for. */
function takePlacement(
  draft: ServiceDraft,
  annotations: Readonly<Record<string, string>> | null | undefined,
  ledger: Ledger,
): void {
  const at = (name: string) => ["metadata", "annotations", name];
  const namespace = annotations?.[ANNOTATIONS.namespace];
  if (namespace !== undefined) {
    draft.namespace = namespace;
    ledger.carried(at(ANNOTATIONS.namespace));
  }
  const tier = SERVICE_TIERS.find((each) => each === annotations?.[ANNOTATIONS.tier]);
  if (tier !== undefined) {
    draft.tier = tier satisfies ServiceTier;
    ledger.carried(at(ANNOTATIONS.tier));
  }
}

function readDataSource({ object, ledger }: Entry<"DataSource">): void {
  const { name } = object.metadata;
  if (object.spec.type.toLowerCase() !== "prometheus") {
    // Its details are not shown: they may be credentials.
    ledger.lost([], "foreign-source", `DataSource ${name} of type ${object.spec.type}`);
    return;
  }
  ledger.carried(["spec", "type"]);
  if ("connectionDetails" in object.spec)
    ledger.lost(
      ["spec", "connectionDetails"],
      "connection",
      "details that are not shown, because they may be secret",
    );
  if (object.spec.description !== undefined) ledger.lost(["spec", "description"], "description");
  readMetadata(object.metadata, ["metadata"], ledger);
}

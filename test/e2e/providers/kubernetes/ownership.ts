/**
 * Who owns which field of an object, as an API server and Pulumi's provider for Kubernetes keep it: in `metadata.managedFields` of a
 * real object. Written after the provider's sources (4.32.0, provider/pkg/await/await.go). A list is one field here, as it is
 * in every CRD of the operator that names no key for it.
 */
export interface OwnedObject {
  /** Every field by its path, such as `.spec.replicas`. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly owners: readonly Owner[];
}

interface Owner {
  readonly manager: string;
  /** `Apply` is server-side apply; whoever creates, patches or edits is an owner by `Update`. */
  readonly operation: "Apply" | "Update";
  readonly fields: readonly string[];
}

/** What the provider creates objects as. On an update it applies under a name with a suffix, one for each object. */
const CREATES_AS = "pulumi-kubernetes";
/** Whose fields the provider takes before it applies: everything that kubectl sets under a name that begins with these. */
const TAKEN_FROM = ["kubectl", "before-first-apply", CREATES_AS, "pulumi-resource-kubernetes"];

/** An object as the provider creates it. */
export function created(fields: OwnedObject["fields"]): OwnedObject {
  return { fields, owners: [{ manager: CREATES_AS, operation: "Update", fields: Object.keys(fields) }] };
}

/** An object after `kubectl patch` or `kubectl edit`, or whatever else sets fields of it past Pulumi. */
export function patched(object: OwnedObject, manager: string, fields: OwnedObject["fields"]): OwnedObject {
  const set = new Set(Object.keys(fields));
  const others = object.owners
    .filter((owner) => owner.manager !== manager)
    .map((owner) => ({ ...owner, fields: owner.fields.filter((field) => !set.has(field)) }));
  const before = object.owners.find((owner) => owner.manager === manager)?.fields ?? [];
  const own: Owner = { manager, operation: "Update", fields: [...new Set([...before, ...set])] };
  return { fields: { ...object.fields, ...fields }, owners: [...others, own] };
}

/** How the provider applies: under which name, in earnest or for a preview, and whether it takes what others own. */
export interface Application {
  readonly manager: string;
  readonly preview: boolean;
  readonly force: boolean;
}

/** An object after server-side apply. Throws what the API server answers when others own fields with other values. */
export function applied(
  object: OwnedObject,
  fields: OwnedObject["fields"],
  { manager, force }: Omit<Application, "preview">,
): OwnedObject {
  const conflicts = conflictsOf(object, fields, manager);
  if (conflicts.length > 0 && !force) throw new Error(conflictMessage(manager, conflicts));
  const wanted = new Set(Object.keys(fields));
  const lost = new Set(conflicts.map(({ field }) => field));
  const others = object.owners
    .filter((owner) => owner.manager !== manager)
    .map((owner) => ({ ...owner, fields: owner.fields.filter((field) => !lost.has(field)) }));
  const before = object.owners.find((owner) => owner.manager === manager)?.fields ?? [];
  const stillOwned = new Set(others.flatMap((owner) => owner.fields));
  const dropped = new Set(before.filter((field) => !wanted.has(field) && !stillOwned.has(field)));
  const kept = Object.entries(object.fields).filter(([field]) => !dropped.has(field));
  return {
    fields: { ...Object.fromEntries(kept), ...fields },
    owners: [...others, { manager, operation: "Apply", fields: [...wanted] }],
  };
}

/** An object after an update by the provider, which first takes the fields of kubectl, unless it only previews. */
export function updated(
  object: OwnedObject,
  fields: OwnedObject["fields"],
  application: Application,
): OwnedObject {
  const { manager, preview } = application;
  // A preview forces what an update would take: as long as an object is as it was created, it meets no conflict.
  if (preview) {
    const isAsCreated = object.owners.some(
      (owner) => owner.operation === "Update" && owner.manager === CREATES_AS,
    );
    return applied(object, fields, { ...application, force: application.force || isAsCreated });
  }
  const isTaken = (owner: Owner) =>
    owner.manager === manager || TAKEN_FROM.some((prefix) => owner.manager.startsWith(prefix));
  const taken = object.owners.filter(isTaken).flatMap((owner) => owner.fields);
  const owners: readonly Owner[] = [
    ...object.owners.filter((owner) => !isTaken(owner)),
    { manager, operation: "Apply", fields: [...new Set(taken)] },
  ];
  return applied({ ...object, owners }, fields, application);
}

interface Conflict {
  readonly manager: string;
  readonly field: string;
}

function conflictsOf(object: OwnedObject, fields: OwnedObject["fields"], manager: string): Conflict[] {
  return object.owners
    .filter((owner) => owner.manager !== manager)
    .flatMap((owner) =>
      owner.fields
        .filter((field) => field in fields && !isSame(fields[field], object.fields[field]))
        .map((field) => ({ manager: owner.manager, field })),
    );
}

function conflictMessage(manager: string, conflicts: readonly Conflict[]): string {
  const named = conflicts.map((conflict) => `conflict with "${conflict.manager}": ${conflict.field}`);
  return [
    "server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
      "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources for troubleshooting help",
    `The resource managed by field manager "${manager}" had an apply conflict: ` +
      `Apply failed with ${conflicts.length} ${conflicts.length === 1 ? "conflict" : "conflicts"}: ${named.join(", ")}`,
  ].join("\n");
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

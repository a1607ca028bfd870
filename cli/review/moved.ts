import type { ModelResource } from "./model.ts";

type Resources = ReadonlyMap<string, ModelResource>;

/**
 * The URNs under which a resource was known before, by its aliases and by those of the components that it is in, as the engine reads them
 * (https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/). graph.json has an alias as its URN, or as what is different.
 */
export function earlierUrns(resource: ModelResource, resources: Resources): readonly string[] {
  const own = (resource.aliases ?? []).map((alias) => urnOf(alias, resource));
  const parent = resource.parent === null ? undefined : resources.get(resource.parent);
  const inherited =
    parent === undefined ? [] : earlierUrns(parent, resources).flatMap((urn) => below(urn, parent, resource));
  return [...new Set([...own, ...inherited])];
}

function urnOf(alias: string, { urn, type, name, parent }: ModelResource): string {
  if (alias.startsWith("urn:")) return alias;
  const given = new Map(
    alias
      .split(" ")
      .map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)] as const),
  );
  const [stack = "", project = ""] = urn.split("::");
  const above = given.get("parent") ?? parent ?? undefined;
  return [
    given.has("stack") ? `urn:pulumi:${given.get("stack")}` : stack,
    given.get("project") ?? project,
    qualified(above, given.get("type") ?? type),
    given.get("name") ?? name,
  ].join("::");
}

/** A child of a component that had another URN; its name follows that of the component. */
function below(urn: string, parent: ModelResource, child: ModelResource): readonly string[] {
  const [stack = "", project = "", , oldName = ""] = urn.split("::");
  const name = child.name.startsWith(parent.name)
    ? oldName + child.name.slice(parent.name.length)
    : child.name;
  return [...new Set([name, child.name])].map((each) =>
    [stack, project, qualified(urn, child.type), each].join("::"),
  );
}

/** The types that a URN lists: those of the components that a resource is in, and its own. */
function qualified(parent: string | undefined, type: string): string {
  const above = parent?.split("::")[2];
  return above === undefined || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`;
}

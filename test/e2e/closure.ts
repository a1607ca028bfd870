import type { State, StateResource } from "./project.ts";

/**
 * What must stay while the protected resources of a state stay: they themselves and all that they rest on, which is what they
 * depend on, the parents that they are filed under and the providers that manage them. Read from the state's own graph, not
 * from the engine's answer.
 */
export function keptByProtection({ resources }: State): ReadonlySet<string> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const kept = new Set<string>();
  const pending = resources.filter(({ protect }) => protect === true);
  for (let resource = pending.pop(); resource !== undefined; resource = pending.pop()) {
    if (kept.has(resource.urn)) continue;
    kept.add(resource.urn);
    for (const urn of foundationsOf(resource)) {
      const foundation = byUrn.get(urn);
      if (foundation !== undefined) pending.push(foundation);
    }
  }
  return kept;
}

function foundationsOf({ dependencies, parent, propertyDependencies, provider }: StateResource): string[] {
  const fromProperties = Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
  const providerUrn = provider?.slice(0, provider.lastIndexOf("::"));
  return [...(dependencies ?? []), ...fromProperties, parent, providerUrn].filter((urn) => urn !== undefined);
}

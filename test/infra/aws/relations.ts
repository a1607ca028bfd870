import type { GraphResource } from "./graph.ts";

/** Who refers to whom in a graph, by the outputs that inputs are made of. */
export class Relations {
  readonly resources: readonly GraphResource[];
  readonly #byUrn: ReadonlyMap<string, GraphResource>;

  constructor(resources: readonly GraphResource[]) {
    this.resources = resources;
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  ofType(...types: readonly string[]): readonly GraphResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resources of a type that an input is made of, through as many others as it takes. */
  behind(resource: GraphResource, property: string, type: string): readonly GraphResource[] {
    const found = new Set<GraphResource>();
    const seen = new Set<string>();
    const walk = (urns: readonly string[]): void => {
      for (const urn of urns) {
        const next = this.#byUrn.get(urn);
        if (next === undefined || seen.has(urn)) continue;
        seen.add(urn);
        if (next.type === type) found.add(next);
        else walk(Object.values(next.propertyDependencies).flat());
      }
    };
    walk(resource.propertyDependencies[property] ?? []);
    return [...found];
  }

  /** The resources of a type whose input is made of another one. */
  referringTo(target: GraphResource, type: string, property: string): readonly GraphResource[] {
    return this.ofType(type).filter((candidate) =>
      (candidate.propertyDependencies[property] ?? []).includes(target.urn),
    );
  }

  /** Whether a resource waits for another, however far. */
  waitsFor(later: GraphResource, earlier: GraphResource): boolean {
    const seen = new Set<string>();
    const waiting = [...later.dependsOn];
    for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
      if (urn === earlier.urn) return true;
      if (seen.has(urn)) continue;
      seen.add(urn);
      waiting.push(...(this.#byUrn.get(urn)?.dependsOn ?? []));
    }
    return false;
  }
}

import { joinPath, type Problem, shown } from "../core/problems.ts";
import { DEFAULT_NAMESPACES, type Namespaces } from "../workloads/model.ts";

/** Which team owns the workloads of a namespace. */
export interface WorkloadOwners {
  /** The platform's team: it owns every other namespace. */
  readonly owner: string;
  /** The team of each namespace that another team owns. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** The namespaces in which services of several teams run and of which no setting names the owner: they are the platform's. */
  readonly shared: Readonly<Record<string, readonly string[]>>;
}

/** The teams of an environment as far as they say what they own. */
interface OwningTeams {
  readonly teams: Readonly<Record<string, { readonly namespaces?: readonly string[] | undefined }>>;
}

/** A service as far as it says who owns a namespace. */
interface NamespacedService {
  readonly namespace: string;
  readonly owner: string;
}

/**
 * The owners of namespaces: what the settings of a team say, else the one team whose services run there. A namespace in which services of
 * several teams run is the platform's until the settings name its owner. Services of other teams may run in kube-system and in the
 * platform's own namespaces, and the pods there are the platform's all the same.
 */
export function workloadOwners(
  { teams }: OwningTeams,
  owner: string,
  services: readonly NamespacedService[],
  { monitoring, node }: Namespaces = DEFAULT_NAMESPACES,
): WorkloadOwners {
  const ofPlatform: readonly string[] = ["kube-system", monitoring, node];
  const named = Object.entries(teams).flatMap(([team, { namespaces = [] }]) =>
    namespaces.map((namespace) => [namespace, team] as const),
  );
  const used = [...teamsByNamespace(services)].filter(([namespace]) => !ofPlatform.includes(namespace));
  const derived = used.flatMap(([namespace, [team = owner, ...others]]) =>
    others.length > 0 ? [] : [[namespace, team] as const],
  );
  const owners = new Map([...derived, ...named]);
  return {
    owner,
    namespaces: sorted([...owners].filter(([, team]) => team !== owner)),
    shared: sorted(used.filter(([namespace, teams]) => teams.length > 1 && !owners.has(namespace))),
  };
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function teamsByNamespace(services: readonly NamespacedService[]): ReadonlyMap<string, readonly string[]> {
  const teams = new Map<string, readonly string[]>();
  for (const { namespace, owner } of services)
    teams.set(namespace, [...new Set([...(teams.get(namespace) ?? []), owner])].sort());
  return teams;
}

/** A namespace has one owner. */
export function ownershipProblems({ teams }: OwningTeams, path: string): readonly Problem[] {
  const seen = new Map<string, string>();
  return Object.entries(teams).flatMap(([team, { namespaces = [] }]) =>
    namespaces.flatMap((namespace, index) => {
      const first = seen.get(namespace);
      seen.set(namespace, first ?? team);
      if (first === undefined) return [];
      return [
        {
          path: joinPath(path, ["teams", team, "namespaces", index]),
          found: `${shown(namespace)}, which ${first === team ? "the list has already" : `team ${first} owns`}`,
          allowed: "each namespace once, as the namespace of one team",
          fix: first === team ? "remove it" : `remove it here or from alertmanager.teams.${first}.namespaces`,
        },
      ];
    }),
  );
}

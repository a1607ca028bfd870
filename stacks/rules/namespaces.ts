import { type Problem, shown } from "../../components/core/problems.ts";
import { namespaceProblems, namespacesOf } from "../../components/workloads/model.ts";
import type { Environment } from "../environment.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const PATH = `${ROOT}.namespaces`;

const namesArePossible: EnvironmentRule = {
  id: "namespaces-are-possible",
  reads: ["namespaces"],
  check: (environment) => namespaceProblems(namespacesOf(environment), PATH),
};

/** What another release runs is in namespaces that exist. The platform would close such a namespace, and delete it one day. */
const namesAreFree: EnvironmentRule = {
  id: "namespaces-are-free",
  reads: ["namespaces", "prometheus"],
  check: (environment) => {
    const taken = programsOfOthers(environment);
    return Object.entries(namespacesOf(environment)).flatMap(([field, name]): Problem[] => {
      const programs = taken.filter(({ namespace }) => namespace === name).map(({ field: of }) => of);
      if (programs.length === 0) return [];
      return [
        {
          path: `${PATH}.${field}`,
          found: `${shown(name)}, the namespace of ${programs.join(" and ")}, which ${programs.length === 1 ? "is" : "are"} of another release`,
          allowed: "a namespace that is not there yet: the platform creates it, closes it and deletes it",
          fix: `set ${PATH}.${field} to a free name, such as ${field === "node" ? "bellwether-node" : "bellwether"}`,
        },
      ];
    });
  },
};

function programsOfOthers({
  prometheus: { operator, kubeStateMetrics, nodeExporter },
}: Pick<Environment, "prometheus">): readonly { readonly field: string; readonly namespace: string }[] {
  return Object.entries({ operator, kubeStateMetrics, nodeExporter }).flatMap(([program, settings]) =>
    settings.kind === "existing" ? [{ field: `prometheus.${program}`, namespace: settings.namespace }] : [],
  );
}

/** The rules of the names of the platform's namespaces. */
export const NAMESPACE_RULES: readonly EnvironmentRule[] = [namesArePossible, namesAreFree];

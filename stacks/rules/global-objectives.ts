import { joinPath, type Problem, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import { runsIn, type Service, slosOf } from "../../components/service/model.ts";
import { objectivePath, type Slo } from "../../components/slo/model.ts";
import type { Environment } from "../environment.ts";
import type { WrittenStore } from "../stores.ts";
import { type EnvironmentRule, ROOT, type RuleContext } from "./rule.ts";

type GlobalSettings = NonNullable<Environment["prometheus"]["global"]>;

const AT = `${ROOT}.prometheus.global`;

const globalObjectivesHaveOneStore: EnvironmentRule = {
  id: "global-objectives-have-one-store",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { global, store } }, context) => {
    if (global === undefined) return [];
    return [
      ...nameProblems(global, context),
      ...(store.kind === "endpoint"
        ? storeProblems(name, global, store, context)
        : [
            {
              path: `${ROOT}.prometheus.store.kind`,
              found: `${store.kind}, and prometheus.global is set`,
              allowed: "endpoint: the other kinds have a store for each environment",
              fix: "send the samples of all of these environments to one endpoint, or remove global",
            },
          ]),
    ];
  },
};

function nameProblems({ name }: GlobalSettings, { environments, stores = {} }: RuleContext): Problem[] {
  const taken = [...environments, ...Object.values(stores).map(({ cluster }) => cluster)];
  if (!taken.includes(name)) return [];
  return [
    {
      path: `${AT}.name`,
      found: `${shown(name)}, an environment or a cluster`,
      allowed: "a name that no environment and no cluster has: records of both would be the same series",
      fix: "choose another name",
    },
  ];
}

function storeProblems(
  own: string,
  { environments, services }: GlobalSettings,
  store: Extract<Environment["prometheus"]["store"], { readonly kind: "endpoint" }>,
  { environments: known, stores = {} }: RuleContext,
): Problem[] {
  const problems: Problem[] = [];
  if (!environments.includes(own))
    problems.push({
      path: `${AT}.environments`,
      found: shown(environments),
      allowed: `environments with ${own} among them`,
      fix: `add ${own}, or move global to one of them`,
    });
  const clusters = new Map<string, string>();
  for (const [index, name] of environments.entries()) {
    const path = `${AT}.environments[${index}]`;
    const there = stores[name];
    if (name !== own && !known.includes(name)) problems.push(unknown(path, name, known));
    if (there === undefined) continue;
    if (name !== own) problems.push(...elsewhere(path, name, store, there));
    const first = clusters.get(there.cluster);
    if (first !== undefined)
      problems.push({
        path,
        found: `${name}, whose cluster is called ${there.cluster}, as that of ${first}`,
        allowed:
          "clusters with different names: a store takes the servers of both for replicas of one, and keeps the samples of one of them",
        fix: `rename cluster.name of ${name} or of ${first}`,
      });
    clusters.set(there.cluster, first ?? name);
  }
  return [...problems, ...evaluatorProblems(own, services, stores)];
}

function unknown(path: string, name: string, known: readonly string[]): Problem {
  const near = nearest(name, known);
  return {
    path,
    found: `an environment that does not exist, ${shown(name)}`,
    allowed: `one of the environments ${known.join(", ")}`,
    fix: near === undefined ? "correct the name, or remove it" : `rename it to ${near}`,
  };
}

function elsewhere(
  path: string,
  name: string,
  { url, tenant }: { readonly url: string; readonly tenant?: string | undefined },
  there: WrittenStore,
): Problem[] {
  if (there.url === url && there.tenant === tenant) return [];
  return [
    {
      path,
      found: `${name}, which sends to ${there.url === undefined ? "no endpoint" : "another URL or tenant"}`,
      allowed: "environments that send to the URL and the tenant of this one: rules see one store",
      fix: `give prometheus.store of ${name} the kind, the URL and the tenant of this environment, or remove ${name}`,
    },
  ];
}

function evaluatorProblems(
  own: string,
  services: readonly string[],
  stores: Readonly<Record<string, WrittenStore>>,
): Problem[] {
  return services.flatMap((service, index) => {
    const other = Object.entries(stores).find(
      ([name, { judges }]) => name !== own && judges.includes(service),
    );
    if (other === undefined) return [];
    return [
      {
        path: `${AT}.services[${index}]`,
        found: `${service}, which ${other[0]} judges over several environments, too`,
        allowed: "services that no other environment has in prometheus.global: each would page",
        fix: `remove ${service} here or in ${other[0]}`,
      },
    ];
  });
}

/** What must be the same in all environments, as messages call it. */
const SAME = {
  objective: "percent",
  period: "period",
  minimumErrors: "minimumErrors",
} as const satisfies Partial<Record<keyof Slo, string>>;

const globalObjectivesAreTheSame: EnvironmentRule = {
  id: "global-objectives-are-the-same",
  reads: ["prometheus"],
  check: ({ prometheus: { global } }, { services }) => {
    if (global === undefined) return [];
    return global.services.flatMap((name, index) => {
      const path = `${AT}.services[${index}]`;
      const service = services.find((each) => each.name === name);
      if (service === undefined) return [unknownService(path, name, services)];
      const running = global.environments.filter((environment) => runsIn(service, environment));
      if (running.length < 2)
        return [
          {
            path,
            found: `${name}, which runs in ${running.length === 0 ? "none" : `${running[0]} alone`} of these environments`,
            allowed: "services that run in two of them or more",
            fix: `remove ${name}, or let it run in another of them`,
          },
        ];
      return objectiveProblems(service, running);
    });
  },
};

function unknownService(path: string, name: string, services: readonly Service[]): Problem {
  const names = services.map((service) => service.name);
  const near = nearest(name, names);
  return {
    path,
    found: `a service that does not exist, ${shown(name)}`,
    allowed: names.length > 0 ? `one of ${names.join(", ")}` : "a service; none is defined",
    fix: near === undefined ? "correct the name, or remove it" : `write ${near}`,
  };
}

function objectiveProblems(service: Service, [first = "", ...others]: readonly string[]): Problem[] {
  const path = joinPath("services", [service.name]);
  const here = slosOf(service, first);
  const differing = others.flatMap((other) => {
    const there = slosOf(service, other);
    const names = [...new Set([...here, ...there].map(({ name }) => name))];
    return names.flatMap((name) => {
      const [one, two] = [here, there].map((slos) => slos.find((slo) => slo.name === name));
      const fields = Object.keys(SAME) as (keyof typeof SAME)[];
      if (one !== undefined && two !== undefined && fields.every((field) => one[field] === two[field]))
        return [];
      return [
        {
          path: objectivePath(joinPath(path, ["environments", other]), name),
          found: `${said(two)} in ${other}, and ${said(one)} in ${first}`,
          allowed: "one objective in all environments of prometheus.global",
          fix: "say the objective once for all of them, or remove the service from prometheus.global",
        },
      ];
    });
  });
  const paging = [first, ...others].filter((name) => slosOf(service, name).some((slo) => slo.page !== false));
  return [
    ...differing,
    ...paging.map((name) => ({
      path: joinPath(path, ["environments", name, "page"]),
      found: `an objective that pages in ${name}, and over all environments of prometheus.global`,
      allowed: "page: false, so that one outage pages once and not once for each environment",
      fix: `write page: false for ${name}, or remove the service from prometheus.global`,
    })),
  ];
}

function said(slo: Slo | undefined): string {
  if (slo === undefined) return "none";
  return `${slo.objective}% in ${slo.period} from ${slo.minimumErrors} errors on`;
}

/** The rules of objectives over several environments. */
export const GLOBAL_OBJECTIVE_RULES: readonly EnvironmentRule[] = [
  globalObjectivesHaveOneStore,
  globalObjectivesAreTheSame,
];

import type { Problem } from "../core/problems.ts";
import type { StoreSettings } from "./store-settings.ts";

/** What decides where rules are evaluated. */
interface Evaluation {
  readonly rules: "local" | "store";
  readonly store: StoreSettings;
  readonly otlp?: object | undefined;
  readonly replicas: number;
}

/** Whether Thanos Ruler evaluates the rules. */
export function hasRuler({ rules, store }: Pick<Evaluation, "rules" | "store">): boolean {
  return rules === "store" && store.kind === "thanos";
}

/** What forbids that the store evaluates the rules. `path` is that of Prometheus' settings. */
export function storedRulesProblems(settings: Evaluation, path: string): readonly Problem[] {
  const { rules, store, otlp, replicas } = settings;
  if (rules === "local") return [];
  const problems = [...storeProblems(store, path)];
  // Thanos Query has the samples of all replicas.
  if (store.kind !== "thanos" && otlp !== undefined && replicas > 1)
    problems.push({
      path: `${path}.rules`,
      found: `store, with otlp and ${replicas} replicas`,
      allowed:
        "local: a pushed sample is in one replica only, and the store keeps the samples of one of them, so that it lacks the others",
      fix: "write rules: local, or remove otlp",
    });
  return problems;
}

/** What forbids several shards: whoever evaluates a rule must see all of its series. `path` is that of Prometheus' settings. */
export function shardProblems(
  { shards, rules, store }: Pick<Evaluation, "rules" | "store"> & { readonly shards: number },
  path: string,
): readonly Problem[] {
  if (shards === 1 || hasRuler({ rules, store })) return [];
  const whole =
    "1 shard: each shard has a part of the series, and a ratio of a part is not that of the service";
  if (store.kind === "thanos")
    return [
      {
        path: `${path}.rules`,
        found: `local, with ${shards} shards`,
        allowed: `store, with which Thanos Ruler sees the series of all shards; or ${whole}`,
        fix: "write rules: store, or remove shards",
      },
    ];
  return [
    {
      path: `${path}.shards`,
      found: `${shards}, and prometheus.store.kind is ${store.kind}`,
      allowed: SINGLE[store.kind] ?? whole,
      fix: "choose the kind thanos with rules: store, or remove shards",
    },
  ];
}

/** What more forbids shards with a kind of store. */
const SINGLE: Readonly<Record<string, string>> = {
  amp: "1 shard: the workspace keeps the samples of one replica of each cluster, and takes the servers of other shards for further replicas",
};

function storeProblems(store: StoreSettings, path: string): readonly Problem[] {
  if (store.kind === "thanos") return [];
  if (store.kind === "amp")
    return store.series === "all"
      ? []
      : [
          {
            path: `${path}.store.series`,
            found: "recorded, but prometheus.rules is store",
            allowed: "all: the rules read samples that Prometheus otherwise keeps to itself",
            fix: "write series: all, or rules: local",
          },
        ];
  const { allowed, fix } = REFUSED[store.kind];
  return [
    { path: `${path}.rules`, found: `store, but prometheus.store.kind is ${store.kind}`, allowed, fix },
  ];
}

type Reason = Pick<Problem, "allowed" | "fix">;

/** Why a kind of store does not evaluate the rules, and what to do. */
const REFUSED: Readonly<Record<Exclude<StoreSettings["kind"], "amp" | "thanos">, Reason>> = {
  none: {
    allowed: "local: without a store there is nothing else that evaluates rules",
    fix: "remove rules, or choose the kind amp or thanos",
  },
  endpoint: {
    allowed:
      "local: the program cannot load rules into an endpoint, of which it knows only where samples are sent to",
    fix: "remove rules; npm run preview writes the rule files to out/, for the tools of that store to load",
  },
};

import type { Problem } from "../core/problems.ts";
import type { StoreSettings } from "./store-settings.ts";

/** What decides where rules are evaluated. */
interface Evaluation {
  readonly rules: "local" | "store";
  readonly store: StoreSettings;
  readonly otlp?: object | undefined;
  readonly replicas: number;
}

/** What forbids that the store evaluates the rules. `path` is that of Prometheus' settings. */
export function storedRulesProblems(settings: Evaluation, path: string): readonly Problem[] {
  const { rules, store, otlp, replicas } = settings;
  if (rules === "local") return [];
  const problems = [...storeProblems(store, path)];
  if (otlp !== undefined && replicas > 1)
    problems.push({
      path: `${path}.rules`,
      found: `store, with otlp and ${replicas} replicas`,
      allowed:
        "local: a pushed sample is in one replica only, and the store keeps the samples of one of them, so that it lacks the others",
      fix: "write rules: local, or remove otlp",
    });
  return problems;
}

function storeProblems(store: StoreSettings, path: string): readonly Problem[] {
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
  const { allowed, fix } = REFUSED[store.kind] ?? OTHERS;
  return [
    { path: `${path}.rules`, found: `store, but prometheus.store.kind is ${store.kind}`, allowed, fix },
  ];
}

type Reason = Pick<Problem, "allowed" | "fix">;

/** Why a kind of store does not evaluate the rules, and what to do. */
const REFUSED: Readonly<Record<string, Reason>> = {
  none: {
    allowed: "local: without a store there is nothing else that evaluates rules",
    fix: "remove rules, or choose the kind amp",
  },
  endpoint: {
    allowed:
      "local: the program cannot load rules into an endpoint, of which it knows only where samples are sent to",
    fix: "remove rules; npm run preview writes the rule files to out/, for the tools of that store to load",
  },
};
const OTHERS: Reason = {
  allowed: "local: the program loads rules into a workspace of the kind amp alone",
  fix: "remove rules, or choose the kind amp",
};

import { type Problem, shown } from "../core/problems.ts";

// Variables of the shell that the Kubernetes provider reads by itself when it runs (its sources of 4.32 to 4.34: provider.go,
// metadata/overrides.go). Those of PROVIDER_BEHAVIOUR are inputs, and the shell does not count. What is not listed here says how fast it
// asks, where it keeps downloads and how long it waits: PULUMI_K8S_CLIENT_*, PULUMI_K8S_HELM_*_PATH, PULUMI_K8S_HELM_REPOSITORY_CACHE,
// PULUMI_K8S_AWAIT_ALL; or is about what no program of ours has: PULUMI_K8S_KUSTOMIZE_HELM, PULUMI_KUBERNETES_MANAGED_BY_LABEL.

/** Variables that change one run, by what they do. None of them is written to the state: without it the next run is as before. */
const ONE_RUN: Readonly<Record<string, string>> = {
  PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "takes over objects that exist already instead of stopping at them",
  PULUMI_K8S_ENABLE_PATCH_FORCE: "overwrites fields that others have set instead of stopping at them",
  PULUMI_K8S_DELETE_UNREACHABLE: "removes objects from the state if the cluster does not answer",
};

/** What the shell says that this run does differently, as sentences. */
export function oneRunNotices(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(ONE_RUN)
    .filter(([name]) => env[name] === "true")
    .map(([name, effect]) => `${name} is set: this run ${effect}. Unset it afterwards.`);
}

/** What is wrong with the variables of the shell. */
export function shellProblems(env: NodeJS.ProcessEnv): Problem[] {
  const driver = env["PULUMI_K8S_HELM_DRIVER"];
  if (driver === undefined || driver === "secret") return [];
  return [
    {
      path: "PULUMI_K8S_HELM_DRIVER",
      found: `${shown(driver)} in the shell, where Helm would not find the release of the CRDs`,
      allowed: "no such variable, or secret",
      fix: "unset PULUMI_K8S_HELM_DRIVER",
    },
  ];
}

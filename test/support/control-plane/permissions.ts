import { parse } from "yaml";
import type { ApiClient } from "./api.ts";
import { type Generated, MONITORING, type Platform } from "./platform.ts";

/** What a service account asks of the API server. */
interface Need {
  readonly account: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** What discovery through EndpointSlices reads: the slices, and the Services and pods behind them. */
const DISCOVERY: Readonly<Record<string, readonly (readonly [group: string, resource: string])[]>> = {
  endpointslice: [
    ["discovery.k8s.io", "endpointslices"],
    ["", "services"],
    ["", "pods"],
  ],
  pod: [["", "pods"]],
};

/** The API group of each kind that kube-state-metrics can be told to list. */
const GROUPS: Readonly<Record<string, string>> = {
  cronjobs: "batch",
  jobs: "batch",
  daemonsets: "apps",
  deployments: "apps",
  replicasets: "apps",
  statefulsets: "apps",
  horizontalpodautoscalers: "autoscaling",
  poddisruptionbudgets: "policy",
};

/**
 * What Prometheus and kube-state-metrics need by their own configuration and may not do. A watch that is open stays open when a
 * permission is taken away, so that their silence proves nothing; the API server is asked instead.
 */
export async function missingPermissions(
  { plane, steps }: Platform,
  generated: Generated,
): Promise<readonly string[]> {
  const { scrape_configs } = parse(generated.prometheus) as {
    readonly scrape_configs: readonly {
      readonly kubernetes_sd_configs?: readonly {
        readonly role: string;
        readonly namespaces?: { readonly names: readonly string[] };
      }[];
    }[];
  };
  const ofPrometheus = scrape_configs.flatMap(({ kubernetes_sd_configs = [] }) =>
    kubernetes_sd_configs.flatMap(({ role, namespaces }) =>
      (namespaces?.names ?? [undefined]).flatMap((namespace) =>
        (DISCOVERY[role] ?? []).map(([group, resource]) => ({
          account: "prometheus",
          group,
          resource,
          namespace,
        })),
      ),
    ),
  );
  const deployment = steps
    .flatMap(({ objects }) => objects)
    .find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "kube-state-metrics");
  const [, resources = ""] = /--resources=([a-z,]+)/.exec(JSON.stringify(deployment)) ?? [];
  const ofKubeStateMetrics = resources.split(",").map((resource) => ({
    account: "kube-state-metrics",
    group: GROUPS[resource] ?? "",
    resource,
    namespace: undefined,
  }));
  const needs = new Map<string, Need>();
  for (const { namespace, ...need } of [...ofPrometheus, ...ofKubeStateMetrics])
    for (const verb of ["list", "watch"]) {
      const whole = { ...need, verb, ...(namespace === undefined ? {} : { namespace }) };
      needs.set(JSON.stringify(whole), whole);
    }
  const missing = await Promise.all(
    [...needs.values()].map(async (need) => ((await may(plane.api, need)) ? [] : [sentence(need)])),
  );
  return missing.flat();
}

function sentence({ account, verb, resource, namespace }: Need): string {
  return `${account} may not ${verb} ${resource}${namespace === undefined ? "" : ` in ${namespace}`}`;
}

async function may(api: ApiClient, { account, verb, group, resource, namespace }: Need): Promise<boolean> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: {
      user: `system:serviceaccount:${MONITORING}:${account}`,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${MONITORING}`, "system:authenticated"],
      resourceAttributes: { verb, group, resource, ...(namespace === undefined ? {} : { namespace }) },
    },
  };
  const { body } = await api.must<{ readonly status: { readonly allowed: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    review,
  );
  return body.status.allowed;
}

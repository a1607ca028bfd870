import { memoize } from "../../components/core/memoize.ts";
import type { ClusterClient } from "../cluster/client.ts";
import { type Finding, ok, wrong } from "./finding.ts";

/** Objects of a kind that a deployment creates, in a namespace or in none. */
export interface KindPlace {
  /** `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
}

/** What the Kubernetes provider does with an object in its life: server-side apply is a patch. */
const VERBS = ["get", "list", "watch", "create", "patch", "delete"] as const;

/** Whether the caller may do everything that a deployment does. Rejects as the client does. */
export async function permissionFinding(
  client: ClusterClient,
  places: readonly KindPlace[],
): Promise<Finding> {
  const check = "permissions";
  if (await mayDo(client, { group: "*", resource: "*", verb: "*" }))
    return ok(check, "all, as an administrator of the cluster");
  const discovered = memoize((apiVersion: string) => discover(client, apiVersion));
  const refused: string[] = [];
  let asked = 0;
  for (const { apiVersion, kind, namespace } of places) {
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    const resource = resourceOf(await discovered(apiVersion), kind);
    const answers = await Promise.all(
      VERBS.map((verb) =>
        mayDo(client, { group, resource, verb, ...(namespace !== undefined && { namespace }) }),
      ),
    );
    asked += VERBS.length;
    const missing = VERBS.filter((_, index) => answers[index] === false);
    const where = namespace === undefined ? "" : ` in ${namespace}`;
    if (missing.length > 0)
      refused.push(`${missing.join(", ")} ${group === "" ? resource : `${resource}.${group}`}${where}`);
  }
  if (refused.length === 0) return ok(check, `all ${asked} that a deployment needs`);
  return wrong(check, {
    found: `missing: ${refused.join("; ")}`,
    allowed: `${VERBS.join(", ")} for each kind of object that is deployed`,
    fix: "bind the cluster role cluster-admin to whoever deploys, or a role with these; check with kubectl auth can-i",
  });
}

interface Attributes {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace?: string;
}

async function mayDo(client: ClusterClient, resourceAttributes: Attributes): Promise<boolean> {
  const { status } = await client.must<{ readonly status?: { readonly allowed?: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } },
  );
  return status?.allowed === true;
}

interface Discovery {
  readonly resources?: readonly { readonly name: string; readonly kind: string }[];
}

/** The kinds of an API version; undefined where the cluster has none of it. */
function discover(client: ClusterClient, apiVersion: string): Promise<Discovery | undefined> {
  return client.get<Discovery>(apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
}

/** The name of a kind in URLs. A kind that the cluster does not have yet is one of the operator's, named by the rule of its CRDs. */
function resourceOf(discovery: Discovery | undefined, kind: string): string {
  const found = discovery?.resources?.find((each) => each.kind === kind && !each.name.includes("/"));
  return found?.name ?? `${kind.toLowerCase()}${/(?:s|x|ch)$/i.test(kind) ? "es" : "s"}`;
}

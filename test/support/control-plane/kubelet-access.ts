import type { ControlPlane } from "./control-plane.ts";

/**
 * What a kubelet asks the API server before it shows its metrics: whose token is this, and may they? Rejects while the API server is
 * away.
 */
export async function mayReadNodeMetrics({ api }: ControlPlane, token: string): Promise<boolean> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
  const { body } = await api.must<{
    readonly status: { readonly user?: { readonly username: string; readonly groups: readonly string[] } };
  }>("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review);
  const { user } = body.status;
  if (user === undefined) return false;
  return await isAllowed(api, user.username, user.groups, {
    verb: "get",
    resource: "nodes",
    subresource: "metrics",
  });
}

async function isAllowed(
  api: ControlPlane["api"],
  user: string,
  groups: readonly string[],
  resourceAttributes: Readonly<Record<string, string>>,
): Promise<boolean> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { user, groups, resourceAttributes },
  };
  const { body } = await api.must<{ readonly status: { readonly allowed: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    review,
  );
  return body.status.allowed;
}

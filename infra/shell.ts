import * as pulumi from "@pulumi/pulumi";
import { findContext } from "../components/cluster/kubeconfig.ts";
import { oneRunNotices, shellProblems } from "../components/cluster/kubernetes-shell.ts";
import type { Problem } from "../components/core/problems.ts";
import type { Environment } from "../stacks/environment.ts";

/**
 * What the shell of `pulumi up` and of Pulumi's own preview gets wrong: the kubeconfig that it names, and variables that would change
 * what the Kubernetes provider does. Says which variables change this run alone. Bellwether's preview does not ask: it needs no
 * cluster and is the same everywhere.
 */
export async function problemsOfShell({ cluster }: Environment): Promise<readonly Problem[]> {
  for (const notice of oneRunNotices(process.env)) await pulumi.log.warn(notice);
  const problems = shellProblems(process.env);
  if (cluster.kind !== "existing" || cluster.context === undefined) return problems;
  const context = findContext({ ...cluster, context: cluster.context }, "environment.cluster");
  return context.ok ? problems : [...problems, ...context.problems];
}

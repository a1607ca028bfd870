import { findContext } from "../../components/cluster/kubeconfig.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { type ClusterClient, connect, Refused } from "./client.ts";

/** A context of a kubeconfig, as the flags of a command name it. */
export interface ContextFlags {
  readonly context: string;
  /** Default: KUBECONFIG, then ~/.kube/config. */
  readonly kubeconfig?: string;
}

/**
 * What `read` makes of the objects of a cluster. Rejects with an InvalidInputError of the command `subject` if the context leads nowhere, the cluster does
 * not answer, or the user may not read it.
 */
export async function readCluster<T>(
  subject: string,
  { context, kubeconfig }: ContextFlags,
  env: NodeJS.ProcessEnv,
  read: (client: ClusterClient) => Promise<T>,
): Promise<T> {
  const found = findContext({ context, ...(kubeconfig !== undefined && { kubeconfig }) }, "--context", env);
  if (!found.ok) throw new InvalidInputError(subject, found.problems);
  const client = await connect(found.value);
  try {
    return await read(client);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new InvalidInputError(subject, [
      {
        path: `context ${context}`,
        found: error.message,
        allowed: "a user who may list the objects of the cluster",
        fix: "use the credentials of an administrator, or bind the ClusterRole view and one that lists nodes and CRDs",
      },
    ]);
  } finally {
    client.close();
  }
}

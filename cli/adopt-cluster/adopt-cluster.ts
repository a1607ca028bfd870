import type { Tier } from "../../stacks/environment.ts";
import type { ClusterClient } from "../cluster/client.ts";
import { type ContextFlags, readCluster } from "../cluster/context.ts";
import { externalDefinitionsFinding } from "../doctor/cluster.ts";
import { type Finding, findingLines } from "../doctor/finding.ts";
import type { Paint } from "../paint.ts";
import { clashes } from "./clashes.ts";
import { environmentFile } from "./environment.ts";
import { type Found, type Inventory, inventoryOf } from "./inventory.ts";

/** What is asked of a cluster. */
export interface AdoptClusterOptions extends ContextFlags {
  /** Name of the environment. */
  readonly name: string;
  readonly tier: Tier;
  readonly owner: string;
  readonly teams: readonly string[];
}

/** The environment of a cluster, and what was found there. */
export interface AdoptedCluster {
  /** The YAML of the environment's file. */
  readonly text: string;
  readonly findings: readonly Finding[];
}

const KINDS = [
  "/api/v1/nodes",
  "/api/v1/namespaces",
  "/api/v1/services",
  "/apis/apps/v1/deployments",
  "/apis/storage.k8s.io/v1/storageclasses",
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
] as const;

/** Only where its CRD is. */
const PROMETHEUSES = "/apis/monitoring.coreos.com/v1/prometheuses";

/**
 * Reads what is on a cluster, says what would clash with the platform, and writes the environment. Changes nothing. Rejects with an
 * InvalidInputError if the context leads nowhere, the cluster does not answer, or the user may not read it.
 */
export async function adoptCluster(
  options: AdoptClusterOptions,
  env: NodeJS.ProcessEnv,
): Promise<AdoptedCluster> {
  return await readCluster("adopt-cluster", options, env, async (client) => {
    const inventory = inventoryOf(await objectsOn(client));
    return {
      text: environmentFile(inventory, options),
      findings: [...clashes(inventory), ...(await definitionFindings(client, inventory))],
    };
  });
}

async function objectsOn(client: ClusterClient): Promise<readonly Found[]> {
  const lists = await Promise.all(KINDS.map((path) => listOf(client, path)));
  const objects = lists.flat();
  const hasPrometheuses = objects.some(
    ({ metadata }) => metadata.name === "prometheuses.monitoring.coreos.com",
  );
  return hasPrometheuses ? [...objects, ...(await listOf(client, PROMETHEUSES))] : objects;
}

/** The items of a list, with the kind that the list says for all. */
async function listOf(client: ClusterClient, path: string): Promise<readonly Found[]> {
  const { kind, items } = await client.must<{ readonly kind: string; readonly items: readonly Found[] }>(
    "GET",
    path,
  );
  return items.map((item) => ({ ...item, kind: kind.replace(/List$/, "") }));
}

async function definitionFindings(client: ClusterClient, { hasDefinitions }: Inventory): Promise<Finding[]> {
  return hasDefinitions ? [await externalDefinitionsFinding(client)] : [];
}

/** The findings as lines, and how many of them clash. */
export function adoptionReport({ findings }: AdoptedCluster, paint: Paint): string {
  const count = findings.filter(({ state }) => state === "wrong").length;
  const result = count === 0 ? paint.green("nothing clashes") : paint.red(`${count} to fix before pulumi up`);
  return `${findingLines(findings, paint)}\n${result}\n`;
}

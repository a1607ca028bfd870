import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { dnsLabel } from "../../components/core/schema.ts";
import { TIERS } from "../../stacks/environment.ts";
import { adoptCluster, adoptionReport } from "../adopt-cluster/adopt-cluster.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { services } from "./services.ts";

/** How an adoption is asked for. */
export interface AdoptClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly tier?: string;
  readonly owner?: string;
}

/** Prints the environment of a cluster, for this repository's services. */
export async function printAdoptedCluster(
  name: string,
  { context = "", kubeconfig, tier = "development", owner = "platform" }: AdoptClusterFlags,
  { stdout, stderr, env }: Surroundings,
): Promise<Exit> {
  const wrongNames = [
    { path: "<name>", found: name },
    { path: "--owner", found: owner },
  ].filter(({ found }) => !dnsLabel().safeParse(found).success);
  if (wrongNames.length > 0)
    throw new InvalidInputError(
      "adopt-cluster",
      wrongNames.map(({ path, found }) => ({
        path,
        found: shown(found),
        allowed: "a name of lower-case letters, digits and hyphens",
        fix: "write such a name",
      })),
    );
  const adopted = await adoptCluster(
    {
      name,
      context,
      owner,
      ...(kubeconfig !== undefined && { kubeconfig }),
      tier: TIERS.find((each) => each === tier) ?? "development",
      teams: (await services()).map((service) => service.owner),
    },
    env,
  );
  stdout.write(adopted.text);
  stderr.write(adoptionReport(adopted, paintFor(stderr, env)));
  return adopted.findings.some(({ state }) => state === "wrong") ? EXIT.refused : EXIT.fine;
}

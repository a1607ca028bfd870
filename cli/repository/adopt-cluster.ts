import { InvalidInputError } from "../../components/core/problems.ts";
import { TIERS } from "../../stacks/environment.ts";
import { adoptCluster, adoptionReport } from "../adopt-cluster/adopt-cluster.ts";
import { nameProblems } from "../adopt-cluster/names.ts";
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
  const problems = nameProblems({ "<name>": name, "--owner": owner });
  if (problems.length > 0) throw new InvalidInputError("adopt-cluster", problems);
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

import { execFile } from "node:child_process";
import { eksTokenCommand } from "../../components/cluster/eks-token.ts";
import { findContext, type KubeContext } from "../../components/cluster/kubeconfig.ts";
import { eksNameOf } from "../../components/cluster/model.ts";
import type { Problem } from "../../components/core/problems.ts";
import { shown } from "../../components/core/problems.ts";
import type { Validated } from "../../components/core/validation.ts";
import type { Environment } from "../../stacks/environment.ts";

/**
 * How the cluster of an environment is reached: through the context of a kubeconfig, or, if it is an EKS cluster, through the
 * address that EKS gives for it and a token of the aws CLI. Otherwise what is wrong.
 */
export async function contextOf(
  { name, cluster, aws }: Pick<Environment, "name" | "cluster" | "aws">,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Validated<KubeContext>> {
  if (cluster.kind === "existing" && cluster.context !== undefined)
    return findContext({ ...cluster, context: cluster.context }, "environment.cluster", env);
  const eksName = eksNameOf(cluster, name);
  if (aws === undefined || eksName === undefined) throw new Error("an EKS cluster without aws");
  return eksContext(eksName, aws.region, env);
}

/** The part of the answer of `aws eks describe-cluster` that a kubeconfig needs. */
interface Described {
  readonly cluster?: {
    readonly status?: string;
    readonly endpoint?: string;
    readonly certificateAuthority?: { readonly data?: string };
  };
}

const AWS_SECONDS = 60;

function eksContext(name: string, region: string, env: NodeJS.ProcessEnv): Promise<Validated<KubeContext>> {
  const args = ["eks", "describe-cluster", "--name", name, "--region", region, "--output", "json"];
  return new Promise((resolve) => {
    execFile("aws", args, { env, timeout: AWS_SECONDS * 1000 }, (error, stdout, stderr) => {
      const { cluster } = error === null ? describedIn(stdout) : {};
      const server = cluster?.endpoint;
      const authority = cluster?.certificateAuthority?.data;
      if (server !== undefined && authority !== undefined)
        return resolve({
          ok: true,
          value: {
            name,
            file: "EKS",
            cluster: { server, "certificate-authority-data": authority },
            user: { exec: eksTokenCommand(name, region) },
          },
        });
      resolve({ ok: false, problems: [eksProblem(name, region, args, error, stderr, cluster?.status)] });
    });
  });
}

function describedIn(stdout: string): Described {
  try {
    return JSON.parse(stdout) as Described;
  } catch {
    return {};
  }
}

function eksProblem(
  name: string,
  region: string,
  args: readonly string[],
  error: Error | null,
  stderr: string,
  status: string | undefined,
): Problem {
  const path = "environment.cluster";
  const allowed = "an EKS cluster that is active, and credentials that may describe it";
  if ((error as NodeJS.ErrnoException | null)?.code === "ENOENT")
    return { path, found: "no aws on PATH", allowed: "the aws CLI, version 2", fix: "install the aws CLI" };
  if (/ResourceNotFoundException/.test(stderr))
    return {
      path,
      found: `no EKS cluster ${shown(name)} in ${region}`,
      allowed,
      fix: `deploy it: pulumi up --stack ${name}; or correct the account: aws sts get-caller-identity`,
    };
  const reason = stderr.trim().split("\n").at(-1);
  return {
    path,
    found:
      error === null
        ? `the EKS cluster ${shown(name)} with status ${status ?? "unknown"} and no endpoint`
        : `aws ${args.join(" ")}, which fails: ${reason || error.message}`,
    allowed,
    fix: error === null ? "wait until it is active" : "run that command by itself until it succeeds",
  };
}

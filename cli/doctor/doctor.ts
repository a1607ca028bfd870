import { readFileSync } from "node:fs";
import { oneRunNotices, shellProblems } from "../../components/cluster/kubernetes-shell.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { type ClusterClient, connect, Refused } from "../cluster/client.ts";
import { contextOf } from "../cluster/reach.ts";
import type { ReadyStack } from "../environments.ts";
import type { Progress } from "../preview.ts";
import { secretRows } from "../secrets.ts";
import { definitionsFinding, storageFinding, versionFinding } from "./cluster.ts";
import type { Deployed } from "./deployed.ts";
import { type Finding, note, ok, unchecked, wrong, wrongs } from "./finding.ts";
import { chartFindings, imageFinding, pluginFindings, proxyIn, type Reach } from "./hosts.ts";
import { permissionFinding } from "./permissions.ts";
import {
  awsFindings,
  backendFindings,
  missingPlugins,
  nodeFinding,
  pluginsOf,
  pulumiFinding,
  type Runs,
} from "./programs.ts";

/** What the checks look at. */
export interface Examined {
  readonly stack: ReadyStack;
  /** What the program of the environment would create. */
  readonly deployed: () => Promise<Deployed>;
  readonly env: NodeJS.ProcessEnv;
  readonly run: Runs;
  readonly reach: Reach;
  /** Where the SDKs of the providers are installed. */
  readonly modules: URL;
  readonly progress: Progress;
}

/** Checks what `pulumi up` of an environment needs, in the order in which it needs it. Changes nothing. */
export async function examine(examined: Examined): Promise<readonly Finding[]> {
  const { stack, deployed, env, run, reach, modules, progress } = examined;
  const { environment } = stack;
  progress.step("Programs, backend and secrets");
  const findings = [
    nodeFinding(),
    await pulumiFinding(run),
    ...(await awsFindings(environment, run)),
    ...(await backendFindings(stack.stack, run)),
    ...secretFindings(stack, env),
    ...shellFindings(env),
  ];
  progress.step("Hosts");
  const proxy = proxyIn(env);
  findings.push(
    ...(await pluginFindings(await missingPlugins(run, pluginsOf(modules)), reach, proxy)),
    ...(await chartFindings(environment.prometheus.crds, reach, proxy)),
  );
  progress.step("What the program creates");
  const creates = await deployed();
  findings.push(imageFinding(creates.images));
  progress.step("The cluster");
  return [...findings, ...(await clusterFindings(stack, creates, env))];
}

function secretFindings({ file, secrets }: ReadyStack, env: NodeJS.ProcessEnv): Finding[] {
  const rows = secretRows(file, secrets);
  const missing = rows.filter(({ set }) => !set);
  const findings = missing.map(({ name, command }) =>
    wrong("secrets", {
      found: `${name} is not set`,
      allowed: "every secret that the environment names",
      fix: command,
    }),
  );
  if (missing.length === 0) findings.push(ok("secrets", `${rows.length} of ${rows.length} are set`));
  const usesPassphrase = /^encryptionsalt:/m.test(readFileSync(file.path, "utf8"));
  if (
    usesPassphrase &&
    env["PULUMI_CONFIG_PASSPHRASE"] === undefined &&
    !env["PULUMI_CONFIG_PASSPHRASE_FILE"]
  )
    findings.push(
      wrong("passphrase", {
        found: "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set",
        allowed: "the passphrase that the stack's secrets are encrypted with",
        fix: "export one of them",
      }),
    );
  return findings;
}

function shellFindings(env: NodeJS.ProcessEnv): Finding[] {
  return [
    ...wrongs("shell", shellProblems(env)),
    ...oneRunNotices(env).map((notice) => note("shell", notice)),
  ];
}

const CLUSTER_CHECKS = ["API server", "Kubernetes version", "CRDs", "storage class", "permissions"];

async function clusterFindings(
  { environment }: ReadyStack,
  { places }: Deployed,
  env: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  const { cluster } = environment;
  const byContext = cluster.kind === "existing" && cluster.context !== undefined;
  const check = byContext ? "kubeconfig" : "EKS cluster";
  const checks = CLUSTER_CHECKS.filter((each) => each !== "storage class" || cluster.kind === "existing");
  const context = await contextOf(environment, env);
  if (!context.ok)
    return [
      ...wrongs(check, context.problems),
      ...checks.map((each) => unchecked(each, "the cluster was not found")),
    ];
  const { name, file } = context.value;
  const found = ok(check, byContext ? `${name} of ${file}` : name);
  let client: ClusterClient;
  try {
    client = await connect(context.value);
  } catch (error) {
    return [
      found,
      ...failure("API server", error),
      ...rest(checks, "API server", "there are no credentials"),
    ];
  }
  try {
    return [found, ...(await askedOf(client, environment, places, checks))];
  } finally {
    client.close();
  }
}

async function askedOf(
  client: ClusterClient,
  environment: ReadyStack["environment"],
  places: Deployed["places"],
  checks: readonly string[],
): Promise<Finding[]> {
  let version: Finding;
  try {
    version = await versionFinding(client, environment);
  } catch (error) {
    return [...failure("API server", error), ...rest(checks, "API server", "the API server does not answer")];
  }
  const asked: readonly [check: string, ask: () => Promise<Finding | undefined>][] = [
    ["CRDs", () => definitionsFinding(client, environment)],
    ["storage class", () => storageFinding(client, environment)],
    ["permissions", () => permissionFinding(client, places)],
  ];
  const findings = [ok("API server", client.server), version];
  for (const [check, ask] of asked)
    try {
      const finding = await ask();
      if (finding !== undefined) findings.push(finding);
    } catch (error) {
      findings.push(...failure(check, error));
    }
  return findings;
}

function rest(checks: readonly string[], done: string, because: string): Finding[] {
  return checks.filter((each) => each !== done).map((each) => unchecked(each, because));
}

/** What the client says where a check ends without an answer. */
function failure(check: string, error: unknown): Finding[] {
  if (error instanceof InvalidInputError) return wrongs(check, error.problems);
  if (!(error instanceof Refused)) throw error;
  return [
    wrong(check, {
      found: error.message,
      allowed: "an API server that lets this user read it",
      fix:
        error.status === 401
          ? "sign in again, or make the context anew"
          : "bind a role that allows it, such as cluster-admin, to whoever deploys",
    }),
  ];
}

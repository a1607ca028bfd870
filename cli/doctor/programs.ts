import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { shown } from "../../components/core/problems.ts";
import type { Environment } from "../../stacks/environment.ts";
import { type Finding, ok, unchecked, wrong } from "./finding.ts";

/** Runs a program of PATH; undefined where there is none. */
export type Runs = (command: string, args: readonly string[]) => Promise<Ran | undefined>;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SECONDS = 60;

/** Runs programs in a folder, with the variables of the shell. */
export function runsIn(folder: string, env: NodeJS.ProcessEnv): Runs {
  return (command, args) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env, timeout: SECONDS * 1000, maxBuffer: 16 * 1024 * 1024 };
      execFile(command, [...args], options, (error, stdout, stderr) => {
        if (error?.code === "ENOENT" || error?.code === "EACCES") return resolve(undefined);
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
}

/** The last line that a program said on standard error. */
function reasonOf({ stderr, code }: Ran): string {
  return (
    stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^error: /, "") || `it ended with ${code}`
  );
}

/** The first number with dots in a text, as numbers; undefined where there is none. */
export function versionIn(text: string): readonly number[] | undefined {
  const [found] = /\d+(?:\.\d+)+/.exec(text) ?? [];
  return found?.split(".").map(Number);
}

/** Whether a version is not older than another. */
export function isAtLeast(version: readonly number[], oldest: readonly number[]): boolean {
  for (const [index, part] of oldest.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** The oldest versions that docs/how-to/deploy.md names. */
const OLDEST = { node: "20.19", pulumi: "3.250", aws: "2" } as const;

export function nodeFinding(version = process.versions.node): Finding {
  if (isAtLeast(versionIn(version) ?? [], versionIn(OLDEST.node) ?? [])) return ok("Node.js", version);
  return wrong("Node.js", {
    found: version,
    allowed: "20.19, 22 or 24",
    fix: "install one of them: https://nodejs.org",
  });
}

export async function pulumiFinding(run: Runs): Promise<Finding> {
  const allowed = `${OLDEST.pulumi} or newer`;
  const fix = "install it: https://www.pulumi.com/docs/install/";
  const ran = await run("pulumi", ["version"]);
  if (ran === undefined) return wrong("pulumi", { found: "no pulumi on PATH", allowed, fix });
  const version = versionIn(ran.stdout);
  if (ran.code !== 0 || version === undefined)
    return wrong("pulumi", { found: `pulumi version, which fails: ${reasonOf(ran)}`, allowed, fix });
  if (isAtLeast(version, versionIn(OLDEST.pulumi) ?? [])) return ok("pulumi", version.join("."));
  return wrong("pulumi", { found: version.join("."), allowed, fix });
}

/** The aws CLI, and whom it signs in as; nothing for an environment without an account. */
export async function awsFindings({ aws, cluster }: Environment, run: Runs): Promise<Finding[]> {
  if (aws === undefined) return [];
  const ran = await run("aws", ["--version"]);
  // Version 1 writes to standard error on old Pythons.
  const version = ran === undefined ? undefined : /aws-cli\/([\d.]+)/.exec(ran.stdout + ran.stderr)?.[1];
  if (version === undefined || !version.startsWith(`${OLDEST.aws}.`))
    return [
      wrong("aws", {
        found: version ?? "no aws on PATH",
        allowed: "version 2",
        fix: "install it: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
      }),
      unchecked("AWS account", "there is no aws CLI of version 2"),
    ];
  return [ok("aws", version), await accountFinding(aws.accountId, cluster, run)];
}

async function accountFinding(
  accountId: string,
  cluster: Environment["cluster"],
  run: Runs,
): Promise<Finding> {
  const ran = await run("aws", ["sts", "get-caller-identity", "--output", "json"]);
  const allowed = `a principal of account ${accountId}`;
  const fix = "sign in: aws sso login --profile <profile>, and export AWS_PROFILE=<profile>";
  const { Account: account, Arn: arn } =
    ran?.code === 0
      ? (jsonOf(ran.stdout) as { readonly Account?: string; readonly Arn?: string })
      : ({} as { Account?: string; Arn?: string });
  if (account === undefined || arn === undefined)
    return wrong("AWS account", {
      found: `no identity: ${ran === undefined ? "no aws" : reasonOf(ran)}`,
      allowed,
      fix,
    });
  if (account !== accountId) return wrong("AWS account", { found: `${arn} of ${account}`, allowed, fix });
  if (cluster.kind !== "eks" || cluster.administrators.some((listed) => isPrincipal(arn, listed)))
    return ok("AWS account", arn);
  return wrong("AWS account", {
    found: `${arn}, which is no administrator of the cluster`,
    allowed: `one of cluster.administrators: ${cluster.administrators.join(", ")}`,
    fix: "sign in as one of them, or add the principal to the list",
  });
}

/** Whether a caller is a listed user, or a session of a listed role. The session's ARN has the role's name without its path. */
function isPrincipal(arn: string, listed: string): boolean {
  if (arn === listed) return true;
  const role = /^arn:[\w-]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
  const own = /^arn:[\w-]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(listed);
  return role !== null && own !== null && role[1] === own[1] && role[2] === own[2];
}

/** What a program printed as JSON; an empty map for anything else. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** A provider that Pulumi starts as a program of its own. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  /** Where Pulumi downloads it from. Default: Pulumi's own places. */
  readonly server?: string;
}

/** The providers of the SDKs that are installed, at the SDKs' versions. */
export function pluginsOf(modules: URL): readonly Plugin[] {
  return ["aws", "grafana", "kubernetes"].map((sdk) => {
    const file = new URL(`@pulumi/${sdk}/package.json`, modules);
    const { version, pulumi } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly version: string;
      readonly pulumi?: Partial<Plugin>;
    };
    const { name = sdk, server } = pulumi ?? {};
    return { name, version: pulumi?.version ?? version, ...(server !== undefined && { server }) };
  });
}

/** Which of the providers' plugins are installed or on PATH; the others are downloaded by the first `pulumi up`. */
export async function missingPlugins(run: Runs, wanted: readonly Plugin[]): Promise<readonly Plugin[]> {
  const ran = await run("pulumi", ["plugin", "ls", "--json"]);
  const listed = ran?.code === 0 ? jsonOf(ran.stdout) : [];
  const installed = new Set(
    (Array.isArray(listed) ? (listed as readonly Partial<Plugin>[]) : []).map(
      ({ name, version }) => `${name} ${version}`,
    ),
  );
  const missing = await Promise.all(
    wanted.map(async (plugin) => {
      if (installed.has(`${plugin.name} ${plugin.version}`)) return [];
      const onPath = await run("sh", ["-c", `command -v pulumi-resource-${plugin.name}`]);
      return onPath?.code === 0 ? [] : [plugin];
    }),
  );
  return missing.flat();
}

/** Whether Pulumi is logged in to a backend, and has the stack there. */
export async function backendFindings(stack: string, run: Runs): Promise<Finding[]> {
  const ran = await run("pulumi", ["whoami", "--json", "--non-interactive"]);
  const { url } = ran?.code === 0 ? (jsonOf(ran.stdout) as { readonly url?: string }) : {};
  if (url === undefined)
    return [
      wrong("backend", {
        found: ran === undefined ? "no pulumi on PATH" : `no login: ${reasonOf(ran)}`,
        allowed: "a login to the backend that has the state",
        fix: "pulumi login <the backend's address>, or set PULUMI_BACKEND_URL (docs/how-to/deploy.md)",
      }),
      unchecked("stack", "there is no login"),
    ];
  const listing = await run("pulumi", ["stack", "ls", "--json", "--non-interactive"]);
  const stacks = listing?.code === 0 ? jsonOf(listing.stdout) : undefined;
  if (!Array.isArray(stacks))
    return [
      ok("backend", withoutPassword(url)),
      wrong("stack", {
        found: `stacks that cannot be listed: ${listing === undefined ? "no pulumi" : reasonOf(listing)}`,
        allowed: "a backend that lists its stacks",
        fix: "run until it succeeds: pulumi stack ls",
      }),
    ];
  const names = (stacks as readonly { readonly name?: string }[]).map(({ name = "" }) => name);
  const isThere = names.some((name) => name === stack || name.endsWith(`/${stack}`));
  return [
    ok("backend", withoutPassword(url)),
    isThere
      ? ok("stack", stack)
      : wrong("stack", {
          found: `no stack ${shown(stack)}; there ${names.length === 1 ? "is" : "are"} ${names.join(", ") || "none"}`,
          allowed: "a stack that was created",
          fix: `pulumi stack init ${stack} --secrets-provider <provider> (docs/how-to/deploy.md)`,
        }),
  ];
}

/** The address of a backend may have a user and a password in it. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

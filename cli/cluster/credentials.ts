import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { AgentOptions } from "node:https";
import type { Entry, KubeContext } from "../../components/cluster/kubeconfig.ts";
import { InvalidInputError, type Problem } from "../../components/core/problems.ts";

/** What a request to an API server proves its sender and checks its receiver by. Never print it. */
export interface Credentials {
  readonly tls: AgentOptions;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The credentials of a context, as client-go reads them: certificates, a token or its file, a user and password, or a program that
 * is run for them. Rejects with an InvalidInputError where they cannot be had.
 */
export async function credentialsOf({ name, file, cluster, user }: KubeContext): Promise<Credentials> {
  const refuse = (found: string, fix: string): InvalidInputError =>
    new InvalidInputError("The kubeconfig", [
      {
        path: `context ${name} of ${file}`,
        found,
        allowed: "a context with credentials that can be read",
        fix,
      } satisfies Problem,
    ]);
  const read = (entry: Entry, key: string): string | undefined => {
    const data = entry[`${key}-data`];
    if (typeof data === "string" && data !== "") return Buffer.from(data, "base64").toString("utf8");
    const path = entry[key];
    return typeof path === "string" && path !== "" ? contentOf(path, refuse) : undefined;
  };
  for (const [entry, key] of [
    [cluster, "proxy-url"],
    [user, "auth-provider"],
  ] as const)
    if (entry[key] !== undefined && entry[key] !== "")
      throw refuse(`${key}, which this command cannot use`, "use a context without it");
  const exec = user["exec"] === undefined ? {} : await executed(user["exec"] as Exec, cluster, refuse);
  const tokenFile = user["tokenFile"];
  const token =
    exec.token ??
    (typeof tokenFile === "string" && tokenFile !== ""
      ? contentOf(tokenFile, refuse).trim()
      : textOf(user["token"]));
  const certificate = exec.clientCertificateData ?? read(user, "client-certificate");
  const key = exec.clientKeyData ?? read(user, "client-key");
  const authority = read(cluster, "certificate-authority");
  const serverName = textOf(cluster["tls-server-name"]);
  return {
    tls: {
      ...(authority !== undefined && { ca: authority }),
      ...(certificate !== undefined && { cert: certificate }),
      ...(key !== undefined && { key }),
      ...(serverName !== undefined && { servername: serverName }),
      ...(cluster["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
    },
    headers: { ...authorization(token, user), ...impersonation(user) },
  };
}

type Refuse = (found: string, fix: string) => InvalidInputError;

function contentOf(path: string, refuse: Refuse): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw refuse(
      `${path}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
      "correct the path, or make the context anew",
    );
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function authorization(token: string | undefined, user: Entry): Readonly<Record<string, string>> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const [name, password] = [textOf(user["username"]), textOf(user["password"])];
  if (name === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
}

function impersonation(user: Entry): Readonly<Record<string, string>> {
  const as = textOf(user["as"]);
  return as === undefined ? {} : { "impersonate-user": as };
}

/** The part of `exec` that client-go acts upon. */
interface Exec {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
}

interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
}

const EXEC_SECONDS = 60;

/** Runs the program of a user, such as `aws eks get-token`, and reads the ExecCredential that it prints. */
function executed(
  { apiVersion = "", command = "", args, env, installHint, provideClusterInfo = false }: Exec,
  cluster: Entry,
  refuse: Refuse,
): Promise<ExecStatus> {
  const spec = { interactive: false, ...(provideClusterInfo && { cluster: clusterInfo(cluster) }) };
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const added = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const words = [command, ...(args ?? [])].join(" ");
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...(args ?? [])],
      { env: { ...process.env, ...added, KUBERNETES_EXEC_INFO: info }, timeout: EXEC_SECONDS * 1000 },
      (error, stdout, stderr) => {
        const status = error === null ? statusIn(stdout) : undefined;
        if (status !== undefined) return resolve(status);
        const code = error?.code;
        if (code === "ENOENT")
          return reject(
            refuse(`${command}, which is not on PATH`, installHint ?? `install ${command}, or correct PATH`),
          );
        // Standard output has the token; standard error has the reason.
        const reason = stderr.trim().split("\n").at(-1) || "it printed no credential";
        return reject(
          refuse(
            `${words}, which gives no credential: ${reason}`,
            "run that command by itself until it succeeds",
          ),
        );
      },
    );
  });
}

function statusIn(stdout: string): ExecStatus | undefined {
  try {
    return (JSON.parse(stdout) as { readonly status?: ExecStatus }).status;
  } catch {
    return undefined;
  }
}

function clusterInfo(cluster: Entry): Entry {
  return {
    server: cluster["server"],
    "certificate-authority-data": cluster["certificate-authority-data"],
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
  };
}

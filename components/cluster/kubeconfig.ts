import { readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { nearest, type Validated } from "../core/validation.ts";
import type { ExistingClusterSettings } from "./settings.ts";

/** An entry of a kubeconfig. */
export type Entry = Readonly<Record<string, unknown>>;

/** A context, with what it names. The entries can hold credentials: never print them. */
export interface KubeContext {
  readonly name: string;
  /** The file that the context is in. */
  readonly file: string;
  /** `server`, `certificate-authority-data`, …; paths of files are absolute. */
  readonly cluster: Entry;
  /** `token`, `client-certificate-data`, `exec`, …; paths of files are absolute. */
  readonly user: Entry;
}

/** Which kubeconfig is read: the files in order, and what names them. */
interface Sources {
  readonly files: readonly string[];
  readonly namedBy: string;
  /** Whether every file must be there. kubectl skips files of a list that are not. */
  readonly required: boolean;
}

interface KubeconfigFile {
  readonly file: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/** What a context is looked up by. */
type Wanted = Pick<ExistingClusterSettings, "kubeconfig"> & { readonly context: string };

/**
 * The context of an environment's cluster, looked up as the Kubernetes provider and kubectl do: in `kubeconfig` of the settings,
 * else in the files of KUBECONFIG, else in ~/.kube/config. Of several files the first that has a name counts. `path` is where the
 * settings stand. Otherwise every problem, with the contexts that there are.
 */
export function findContext(
  { context, kubeconfig }: Wanted,
  path: string,
  env: NodeJS.ProcessEnv = process.env,
): Validated<KubeContext> {
  const sources = sourcesOf(kubeconfig, env);
  const problems: Problem[] = [];
  const files = sources.files.flatMap((file) => readKubeconfig(file, sources, problems) ?? []);
  if (problems.length > 0) return { ok: false, problems };
  const holder = files.find(({ contexts }) => contexts.has(context));
  if (holder === undefined)
    return { ok: false, problems: [noContext(context, joinPath(path, ["context"]), sources, files)] };
  const { cluster: clusterName, user: userName } = holder.contexts.get(context) ?? {};
  const cluster = entryIn(files, "clusters", clusterName);
  const user = entryIn(files, "users", userName);
  const at = (found: string, key: string): Problem => ({
    path: joinPath(path, ["context"]),
    found: `${shown(context)} of ${holder.file}, ${found}`,
    allowed: "a context whose cluster, with its server, and whose user are in the kubeconfig",
    fix: `write the ${key} to the kubeconfig, or make the context anew`,
  });
  if (typeof cluster?.["server"] !== "string")
    problems.push(at(`whose cluster ${shown(clusterName)} is missing or has no server`, "cluster"));
  if (user === undefined) problems.push(at(`whose user ${shown(userName)} is missing`, "user"));
  if (problems.length > 0 || cluster === undefined || user === undefined) return { ok: false, problems };
  return { ok: true, value: { name: context, file: holder.file, cluster, user } };
}

function sourcesOf(kubeconfig: string | undefined, env: NodeJS.ProcessEnv): Sources {
  if (kubeconfig !== undefined)
    // The provider asks the system for the home directory here, whatever HOME says.
    return {
      files: [kubeconfig.replace(/^~(?=\/)/, userInfo().homedir)],
      namedBy: "cluster.kubeconfig",
      required: true,
    };
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (listed.length > 0) return { files: [...new Set(listed)], namedBy: "KUBECONFIG", required: false };
  const home = env["HOME"] ?? homedir();
  return { files: [join(home, ".kube", "config")], namedBy: "no KUBECONFIG is set", required: false };
}

/** A file of a kubeconfig; undefined where there is none and none is required, or where a problem says what is wrong with it. */
function readKubeconfig(
  file: string,
  { namedBy, required }: Sources,
  problems: Problem[],
): KubeconfigFile | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !required) return undefined;
    problems.push({
      path: namedBy,
      found: code === "ENOENT" ? `${file}, which does not exist` : `${file}, which cannot be read (${code})`,
      allowed: "a kubeconfig that this user can read",
      fix: "correct the path, or the file's permissions",
    });
    return undefined;
  }
  const content = contentOf(text);
  const folder = dirname(resolve(file));
  const lists = [
    namedIn(content?.["contexts"], "context", folder),
    namedIn(content?.["clusters"], "cluster", folder),
    namedIn(content?.["users"], "user", folder),
  ] as const;
  const [contexts, clusters, users] = lists;
  if (content !== undefined && contexts !== undefined && clusters !== undefined && users !== undefined)
    return { file, contexts, clusters, users };
  problems.push({
    path: namedBy,
    found: `${file}, which is no kubeconfig, or has two entries of one name`,
    allowed: "a kubeconfig: YAML with contexts, clusters and users, each name once",
    fix: "correct the file; kubectl config view says what it reads there",
  });
  return undefined;
}

function contentOf(text: string): Entry | undefined {
  try {
    const content = (parse(text) ?? {}) as unknown;
    return typeof content === "object" && !Array.isArray(content) ? (content as Entry) : undefined;
  } catch {
    // A message of the parser would quote the line, which may be a credential.
    return undefined;
  }
}

const FILES = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** The entries of a list by name; undefined for what is no such list. Paths of files are relative to the kubeconfig's folder. */
function namedIn(list: unknown, key: string, folder: string): ReadonlyMap<string, Entry> | undefined {
  const items = (list ?? []) as unknown;
  if (!Array.isArray(items)) return undefined;
  const entries = new Map<string, Entry>();
  for (const item of items as readonly unknown[]) {
    const { name, [key]: value } = (item ?? {}) as Entry;
    if (typeof name !== "string" || entries.has(name)) return undefined;
    const entry = Object.entries((value ?? {}) as Entry).map(([field, given]) => [
      field,
      FILES.includes(field) && typeof given === "string" && given !== "" ? resolve(folder, given) : given,
    ]);
    entries.set(name, { ...Object.fromEntries(entry), ...commandIn((value ?? {}) as Entry, folder) });
  }
  return entries;
}

/** A command with a slash is a path, relative to the kubeconfig's folder; one without is found on PATH. */
function commandIn({ exec }: Entry, folder: string): Entry {
  const { command } = (exec ?? {}) as Entry;
  if (typeof command !== "string" || !command.includes("/")) return {};
  return { exec: { ...(exec as Entry), command: resolve(folder, command) } };
}

function entryIn(
  files: readonly KubeconfigFile[],
  kind: "clusters" | "users",
  name: unknown,
): Entry | undefined {
  if (typeof name !== "string") return undefined;
  return files.find((each) => each[kind].has(name))?.[kind].get(name);
}

const MOST_LISTED = 20;

function noContext(
  context: string,
  path: string,
  { files: named, namedBy }: Sources,
  files: readonly KubeconfigFile[],
): Problem {
  const names = [...new Set(files.flatMap(({ contexts }) => [...contexts.keys()]))].sort();
  const read = files.length === 0 ? named : files.map(({ file }) => file);
  const where = `${read.join(" and ")} (${namedBy})`;
  const listed = names.slice(0, MOST_LISTED).join(", ");
  const more = names.length > MOST_LISTED ? `, and ${names.length - MOST_LISTED} more` : "";
  const found = files.length === 0 ? "but there is no kubeconfig at" : "which is no context of";
  return {
    path,
    found: `${shown(context)}, ${found} ${where}`,
    allowed:
      names.length === 0
        ? "a context of the kubeconfig, which has none"
        : `one of its contexts: ${listed}${more}`,
    fix: fixFor(context, names),
  };
}

function fixFor(context: string, names: readonly string[]): string {
  const otherFile = "set KUBECONFIG to the file that has the context";
  const kind = /^kind-(.+)$/.exec(context)?.[1];
  if (kind !== undefined)
    return `create the cluster: kind create cluster --name ${kind}; if it runs: kind export kubeconfig --name ${kind}; or ${otherFile}`;
  const near = nearest(context, names);
  return near === undefined ? `${otherFile}, or write a context that there is` : `did you mean ${near}?`;
}

import { parse } from "yaml";
import { type Finished, run } from "../support/process.ts";
import type { Source } from "./pins.ts";

/** How registries are asked; a test answers from a recording. */
export interface Access {
  readonly fetch: (url: string, headers: Readonly<Record<string, string>>) => Promise<Response>;
  readonly run: (file: string, args: readonly string[]) => Promise<Finished>;
}

const SECONDS = 1000;

/** The registries themselves: npm and Go through their clients, which know mirrors and proxies, the others over HTTPS. */
export const REGISTRIES: Access = {
  fetch: (url, headers) => fetch(url, { headers, signal: AbortSignal.timeout(20 * SECONDS) }),
  run: (file, args) => run(file, args, { timeout: 60 * SECONDS, env: { ...process.env, GOWORK: "off" } }),
};

/** The versions that a registry lists, in no order. Rejects with one line when it does not answer. */
export async function listed(source: Source, access: Access): Promise<readonly string[]> {
  switch (source.kind) {
    case "go":
      return (await goVersions(source.module, access)).map((version) => source.release(version.slice(1)));
    case "npm":
      return await npmVersions(source.name, access);
    case "image":
      return await imageTags(source, access);
    case "chart":
      return await chartVersions(source, access);
    case "github":
      return (
        await json<readonly { readonly tag_name: string }[]>(
          `https://api.github.com/repos/${source.repository}/releases?per_page=100`,
          access,
        )
      ).map(({ tag_name }) => tag_name);
    case "aws":
      throw new Error(`run: ${source.command}`);
  }
}

/** Who answers for a source: what does not answer is said once for all its pins. */
export function registryOf(source: Source): string {
  switch (source.kind) {
    case "go":
      return `the Go module proxy, for ${source.module}`;
    case "npm":
      return "the npm registry";
    case "image":
      return source.host;
    case "chart":
      return source.repository;
    case "github":
      return "the releases on GitHub";
    case "aws":
      return "AWS";
  }
}

async function goVersions(module: string, access: Access): Promise<readonly string[]> {
  const { code, stdout, stderr } = await access.run("go", [
    "list",
    "-m",
    "-versions",
    "-json",
    `${module}@latest`,
  ]);
  if (code !== 0) throw new Error(lastLine(stderr));
  return (JSON.parse(stdout) as { readonly Versions?: readonly string[] }).Versions ?? [];
}

async function npmVersions(name: string, access: Access): Promise<readonly string[]> {
  const { code, stdout, stderr } = await access.run("npm", ["view", name, "versions", "--json"]);
  if (code !== 0) throw new Error(lastLine(stderr));
  const versions = JSON.parse(stdout) as string | readonly string[];
  return typeof versions === "string" ? [versions] : versions;
}

/** A registry lists its tags a page at a time, in the alphabet's order. */
const MOST_PAGES = 50;

async function imageTags(
  { host, repository }: { readonly host: string; readonly repository: string },
  access: Access,
): Promise<readonly string[]> {
  const origin = `https://${host === "docker.io" ? "registry-1.docker.io" : host}`;
  const tags: string[] = [];
  const headers: Record<string, string> = {};
  let url = `${origin}/v2/${repository}/tags/list?n=1000`;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    let response = await access.fetch(url, headers);
    if (response.status === 401 && headers["authorization"] === undefined) {
      headers["authorization"] = `Bearer ${await anonymousToken(response, access)}`;
      response = await access.fetch(url, headers);
    }
    if (!response.ok) throw new Error(`${host} answers ${response.status}`);
    tags.push(...((await response.json()) as { readonly tags: readonly string[] }).tags);
    const next = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get("link") ?? "")?.[1];
    if (next === undefined) return tags;
    url = new URL(next, origin).href;
  }
  throw new Error(`${host} lists more than ${MOST_PAGES} pages of ${repository}`);
}

/** Public repositories want a token too, which anybody gets where the answer says. */
async function anonymousToken(refused: Response, access: Access): Promise<string> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value] as const),
  ) as Record<string, string>;
  if (realm === undefined)
    throw new Error("the registry refuses, and does not say where a token is to be had");
  const answer = await json<{ readonly token?: string; readonly access_token?: string }>(
    `${realm}?${new URLSearchParams(query)}`,
    access,
  );
  return answer.token ?? answer.access_token ?? "";
}

/** An index of a Helm repository has megabytes: only the part of the chart is parsed. */
async function chartVersions(
  { repository, chart }: { readonly repository: string; readonly chart: string },
  access: Access,
): Promise<readonly string[]> {
  const response = await access.fetch(`${repository}/index.yaml`, {});
  if (!response.ok) throw new Error(`${repository} answers ${response.status}`);
  const lines = (await response.text()).split("\n");
  const start = lines.indexOf(`  ${chart}:`);
  if (start < 0) throw new Error(`${repository} has no chart ${chart}`);
  const length = lines.slice(start + 1).findIndex((line) => /^ {0,2}[^\s-]/.test(line));
  const part = lines.slice(start, length < 0 ? undefined : start + 1 + length).join("\n");
  const entries = parse(part) as Readonly<Record<string, readonly { readonly version: string }[]>>;
  return (entries[chart] ?? []).map(({ version }) => version);
}

async function json<T>(url: string, access: Access): Promise<T> {
  const response = await access.fetch(url, { accept: "application/json" });
  if (!response.ok) throw new Error(`${new URL(url).host} answers ${response.status}`);
  return (await response.json()) as T;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

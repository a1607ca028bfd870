import { DEFINITIONS_CHART } from "../../components/prometheus/custom-resource-definitions.ts";
import { type Finding, note, ok, wrong } from "./finding.ts";
import type { Plugin } from "./programs.ts";

/** Asks a URL; resolves with why it does not answer, or with undefined if it does. */
export type Reach = (url: string) => Promise<string | undefined>;

const SECONDS = 15;

/** Any answer will do: what is asked is whether the host is reached. */
export const reach: Reach = async (url) => {
  try {
    await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(SECONDS * 1000) });
    return undefined;
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: { readonly code?: string } };
    return cause?.code ?? message;
  }
};

/** A host that answers without a sign-in, with the time in its answer. */
const CLOCK = "https://sts.amazonaws.com";

/** The time that a host of AWS says, in milliseconds since 1970; undefined: it does not answer. */
export async function hostTime(): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(SECONDS * 1000);
    const { headers } = await fetch(CLOCK, { method: "HEAD", redirect: "manual", signal });
    const time = Date.parse(headers.get("date") ?? "");
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

/** The proxy that Pulumi and Helm use, and these checks do not; undefined: none. */
export function proxyIn(env: NodeJS.ProcessEnv): string | undefined {
  return ["HTTPS_PROXY", "https_proxy"].find((name) => (env[name] ?? "") !== "");
}

/** The repository of the chart with the CRDs, and where it keeps the chart itself. */
function chartUrls(): readonly string[] {
  const { chart, version, repositoryOpts } = DEFINITIONS_CHART;
  const name = `${chart}-${version}`;
  return [
    `${repositoryOpts.repo}/index.yaml`,
    // What the repository's index gives as the address of a chart.
    `https://github.com/prometheus-community/helm-charts/releases/download/${name}/${name}.tgz`,
  ];
}

/** With `crds: chart` every preview and `up` of Pulumi downloads the chart. */
export async function chartFindings(
  crds: "chart" | "external",
  asks: Reach,
  proxy: string | undefined,
): Promise<Finding[]> {
  if (crds === "external") return [];
  if (proxy !== undefined) {
    const hosts = chartUrls().map((url) => new URL(url).host);
    return [note("chart of the CRDs", `${hosts.join(", ")}: not asked, as ${proxy} is set`)];
  }
  return Promise.all(
    chartUrls().map(async (url) => {
      const reason = await asks(url);
      if (reason === undefined) return ok("chart of the CRDs", new URL(url).host);
      return wrong("chart of the CRDs", {
        found: `${url}, which does not answer: ${reason}`,
        allowed: "a network from which the chart can be downloaded",
        fix: "allow the host or set HTTPS_PROXY; or install the CRDs by yourself and set prometheus.crds: external",
      });
    }),
  );
}

/** What Pulumi downloads the plugins of providers from. The second is asked if the first has none. */
const PLUGIN_HOSTS = ["https://api.github.com", "https://get.pulumi.com"] as const;

/** Providers that are not installed yet, and whether they can be downloaded. */
export async function pluginFindings(
  missing: readonly Plugin[],
  asks: Reach,
  proxy: string | undefined,
): Promise<Finding[]> {
  if (missing.length === 0) return [ok("provider plugins", "all are installed")];
  const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
  const reasons = proxy === undefined ? await Promise.all(PLUGIN_HOSTS.map(asks)) : [];
  if (proxy !== undefined || reasons.some((reason) => reason === undefined))
    return [note("provider plugins", `${names}: downloaded by the first pulumi up`)];
  return [
    wrong("provider plugins", {
      found: `${names}, which are not installed, and neither ${PLUGIN_HOSTS.join(" nor ")} answers`,
      allowed: "plugins that are installed, or a network from which they can be downloaded",
      fix: missing.map(({ name, version }) => `pulumi plugin install resource ${name} ${version}`).join("; "),
    }),
  ];
}

/** The registries that the nodes pull images from. Whether they can, only a node can tell. */
export function imageFinding(images: readonly string[]): Finding {
  const hosts = [...new Set(images.map(registryOf))].sort();
  return note("image registries", `${hosts.join(", ")}: the nodes must reach them`);
}

/** As container runtimes read a name: the part before the first slash is a host if it has a dot or a colon. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

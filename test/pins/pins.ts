import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { EKS_VERSIONS } from "../../components/cluster/eks-versions.ts";
import { VERSIONS } from "../../components/core/versions.ts";
import { amazonManaged } from "../../components/grafana/managed-settings.ts";
import { CONTROLLER_CHART } from "../../components/ingress/render.ts";
import { DEFINITIONS_CHART } from "../../components/prometheus/custom-resource-definitions.ts";
import { RECIPES, type ToolName } from "../support/recipes.ts";
import { pinnedVersion } from "../support/tools.ts";
import { groupedBy } from "./groups.ts";
import type { Line } from "./versions.ts";

/** Where the versions of a pin are listed. */
export type Source =
  | { readonly kind: "go"; readonly module: string; readonly release: (moduleVersion: string) => string }
  | { readonly kind: "npm"; readonly name: string }
  | { readonly kind: "image"; readonly host: string; readonly repository: string }
  | { readonly kind: "chart"; readonly repository: string; readonly chart: string }
  | { readonly kind: "github"; readonly repository: string }
  /** Only an account of AWS can list them: the command that does. */
  | { readonly kind: "aws"; readonly command: string };

export interface Pin {
  readonly name: string;
  readonly version: string;
  readonly line: Line;
  readonly source: Source;
  /** Paths of the files that have the version. */
  readonly files: readonly string[];
}

const VERSIONS_FILE = "components/core/versions.ts";
const EKS_FILE = "components/cluster/eks-versions.ts";

const image = (host: string, repository: string): Source => ({ kind: "image", host, repository });

/** The tool of the tests that is built of the same module, or where else a version of VERSIONS is listed. */
const DEPLOYED: Readonly<Record<keyof typeof VERSIONS, ToolName | Source>> = {
  prometheusOperator: "operator",
  prometheusOperatorCrdsChart: {
    kind: "chart",
    repository: DEFINITIONS_CHART.repositoryOpts.repo,
    chart: DEFINITIONS_CHART.chart,
  },
  prometheus: "prometheus",
  alertmanager: "alertmanager",
  nodeExporter: "node_exporter",
  kubeStateMetrics: "kube-state-metrics",
  blackboxExporter: image("quay.io", "prometheus/blackbox-exporter"),
  thanos: "thanos",
  grafana: image("docker.io", "grafana/grafana"),
  k8sSidecar: image("quay.io", "kiwigrid/k8s-sidecar"),
  karpenter: {
    kind: "go",
    module: "github.com/aws/karpenter-provider-aws",
    release: (version) => version.replace(/^v/, ""),
  },
  loadBalancerController: {
    kind: "chart",
    repository: CONTROLLER_CHART.repositoryOpts.repo,
    chart: CONTROLLER_CHART.chart,
  },
};

/** Every version that the repository pins, of the repository in the folder. */
export async function pinsOf(root: string): Promise<readonly Pin[]> {
  return [
    ...(await deployedPins()),
    ...(await toolPins()),
    ...npmPins(root),
    ...actionPins(root),
    ...awsPins(),
  ];
}

async function deployedPins(): Promise<Pin[]> {
  return Object.entries(DEPLOYED).map(([key, from]) => {
    const source = typeof from === "string" ? goSource(from) : from;
    const module = typeof from === "string" ? goModFilesOf(from) : [];
    return {
      name: key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      version: VERSIONS[key as keyof typeof VERSIONS],
      line: source.kind === "chart" ? "major" : "minor",
      source,
      files: [VERSIONS_FILE, ...module],
    };
  });
}

function goSource(name: ToolName): Source {
  const { goModule, release } = RECIPES[name];
  return { kind: "go", module: goModule, release };
}

/** The go.mod files that pin a tool's module: the operator's is in two. */
function goModFilesOf(name: ToolName): string[] {
  const { goModule } = RECIPES[name];
  const families = Object.values(RECIPES)
    .filter((recipe) => recipe.goModule === goModule)
    .map(({ family }) => `test/tools/${family}/go.mod`);
  return [...new Set(families)];
}

/** The tools of which nothing is deployed. */
async function toolPins(): Promise<Pin[]> {
  const deployed = new Set(
    Object.values(DEPLOYED).flatMap((from) => (typeof from === "string" ? [RECIPES[from].goModule] : [])),
  );
  const modules = new Map<string, ToolName>();
  for (const [name, { goModule }] of Object.entries(RECIPES))
    if (!deployed.has(goModule) && !modules.has(goModule)) modules.set(goModule, name as ToolName);
  return await Promise.all(
    [...modules].map(async ([goModule, tool]) => ({
      name: goModule.replace(/^[^/]+\//, ""),
      version: await pinnedVersion(tool),
      line: "minor" as const,
      source: goSource(tool),
      files: goModFilesOf(tool),
    })),
  );
}

function npmPins(root: string): Pin[] {
  const { dependencies, devDependencies, overrides } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<"dependencies" | "devDependencies" | "overrides", Readonly<Record<string, string>>>;
  return Object.entries({ ...dependencies, ...devDependencies, ...overrides }).map(([name, text]) => {
    // An alias such as npm:@pulumiverse/grafana@2.40.0.
    const [, target = name, version = text] = /^npm:(.+)@(.+)$/.exec(text) ?? [];
    return {
      name: target,
      version,
      line: "major",
      source: { kind: "npm", name: target },
      files: ["package.json"],
    };
  });
}

/** The actions of the workflows, and of the repository's own actions: pinned by commit, with the version behind it. */
function actionPins(root: string): Pin[] {
  const folders = [".github/workflows", ".github/actions"];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yml"))
      .map((file) => `${folder}/${file}`),
  );
  const uses = files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/uses: ([\w-]+\/[\w-]+)@[0-9a-f]{40} # v(\S+)/g)].map(
      ([, repository = "", version = ""]) => ({ repository, version, file }),
    ),
  );
  return [...groupedBy(uses, ({ repository, version }) => `${repository}@${version}`).values()].map(
    (same) => {
      const { repository = "", version = "" } = same[0] ?? {};
      return {
        name: repository,
        version,
        line: "major",
        source: { kind: "github", repository },
        files: [...new Set(same.map(({ file }) => file))],
      };
    },
  );
}

function awsPins(): Pin[] {
  const addOns = EKS_VERSIONS.flatMap(({ version, addOns: published }) =>
    Object.entries(published).map(([name, addOn]) => ({ name, addOn, version })),
  );
  const list = "aws eks describe-addon-versions --kubernetes-version VERSION";
  return [
    awsPin("EKS", EKS_VERSIONS.at(-1)?.version ?? "", "aws eks describe-cluster-versions", EKS_FILE),
    ...[...groupedBy(addOns, ({ name, addOn }) => `${name} ${addOn}`).values()].map((same) => {
      const { name = "", addOn = "", version = "" } = same.at(-1) ?? {};
      const of = same.length === EKS_VERSIONS.length ? "EKS" : `EKS ${version}`;
      return awsPin(`${name} of ${of}`, addOn, list, EKS_FILE);
    }),
    awsPin(
      "Amazon Managed Grafana",
      amazonManaged.shape.version.parse(undefined),
      "aws grafana list-versions",
      "components/grafana/managed-settings.ts",
    ),
  ];
}

function awsPin(name: string, version: string, command: string, file: string): Pin {
  return { name, version, line: "minor", source: { kind: "aws", command }, files: [file] };
}

/** The npm packages that Dependabot leaves alone, since a person raises them with what belongs to them. */
export function heldBack(root: string): readonly string[] {
  const { updates } = parse(readFileSync(join(root, ".github/dependabot.yml"), "utf8")) as {
    readonly updates: readonly { readonly ignore?: readonly { readonly "dependency-name": string }[] }[];
  };
  return updates.flatMap(({ ignore = [] }) => ignore.map((entry) => entry["dependency-name"]));
}

import { supportedVersions } from "../../components/cluster/eks-versions.ts";
import { VERSIONS } from "../../components/core/versions.ts";
import {
  DEFINITIONS_CHART,
  renderDefinitionsRelease,
} from "../../components/prometheus/custom-resource-definitions.ts";
import { type Namespaces, namespacesOf } from "../../components/workloads/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { ClusterClient } from "../cluster/client.ts";
import { type Finding, note, ok, wrong } from "./finding.ts";
import { isAtLeast, versionIn } from "./programs.ts";

/** The minor version of the API server. Rejects as the client does. */
export async function versionFinding(client: ClusterClient, { cluster }: Environment): Promise<Finding> {
  const check = "Kubernetes version";
  const { gitVersion = "" } = await client.must<{ readonly gitVersion?: string }>("GET", "/version");
  const minor = (versionIn(gitVersion) ?? []).slice(0, 2).join(".");
  const known = supportedVersions("0000-00-00", "standard");
  if (cluster.kind === "eks" && minor !== cluster.version)
    return wrong(check, {
      found: gitVersion,
      allowed: `${cluster.version}, which cluster.version says`,
      fix: "upgrade as docs/how-to/upgrade-kubernetes.md says, or correct cluster.version",
    });
  if (known.includes(minor)) return ok(check, gitVersion);
  return wrong(check, {
    found: gitVersion,
    allowed: `a version from ${known.at(0)} to ${known.at(-1)}`,
    fix: "upgrade or downgrade the cluster to one of them",
  });
}

/** The CRDs of the operator, as the chart brings them. */
const DEFINITIONS = [
  "alertmanagerconfigs",
  "alertmanagers",
  "podmonitors",
  "probes",
  "prometheusagents",
  "prometheuses",
  "prometheusrules",
  "scrapeconfigs",
  "servicemonitors",
  "thanosrulers",
].map((plural) => `${plural}.monitoring.coreos.com`);

const VERSION_ANNOTATION = "operator.prometheus.io/version";

interface Definition {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Whether the CRDs are there, in which version, and whose they are. Rejects as the client does. */
export async function definitionsFinding(client: ClusterClient, environment: Environment): Promise<Finding> {
  return environment.prometheus.crds === "external"
    ? externalDefinitionsFinding(client)
    : ownDefinitions(await definitionsOn(client), namespacesOf(environment));
}

/** Whether all CRDs are there that something else manages, and new enough. Rejects as the client does. */
export async function externalDefinitionsFinding(client: ClusterClient): Promise<Finding> {
  return externalDefinitions(await definitionsOn(client));
}

function definitionsOn(client: ClusterClient): Promise<Found> {
  return Promise.all(
    DEFINITIONS.map(async (name) => ({
      name,
      definition: await client.get<Definition>(
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
      ),
    })),
  );
}

type Found = readonly { readonly name: string; readonly definition: Definition | undefined }[];

const MINOR = (versionIn(VERSIONS.prometheusOperator) ?? []).slice(0, 2).join(".");

function externalDefinitions(found: Found): Finding {
  const check = "CRDs";
  const missing = found.filter(({ definition }) => definition === undefined).map(({ name }) => name);
  const versions = new Map(
    found.flatMap(({ name, definition }) =>
      definition === undefined
        ? []
        : [[name, definition.metadata.annotations?.[VERSION_ANNOTATION] ?? "without a version"] as const],
    ),
  );
  const old = [...versions].filter(
    ([, version]) => !isAtLeast(versionIn(version) ?? [0], versionIn(MINOR) ?? []),
  );
  if (missing.length === 0 && old.length === 0)
    return ok(check, `all ${found.length}, of operator ${[...new Set(versions.values())].join(", ")}`);
  const { chart, version, repositoryOpts } = DEFINITIONS_CHART;
  return wrong(check, {
    found: [
      ...(missing.length > 0 ? [`missing: ${missing.join(", ")}`] : []),
      ...(old.length > 0 ? [`too old: ${old.map(([name, text]) => `${name} (${text})`).join(", ")}`] : []),
    ].join("; "),
    allowed: `all ${found.length} CRDs of operator ${MINOR} or newer, as prometheus.crds is external`,
    fix: `install them: helm upgrade --install ${chart} ${chart} --repo ${repositoryOpts.repo} --version ${version} --namespace <namespace>; or set prometheus.crds: chart`,
  });
}

/** Helm takes over CRDs that a release of the same name and namespace left behind, and stops at any other. */
function ownDefinitions(found: Found, namespaces: Namespaces): Finding {
  const check = "CRDs";
  const { name: release, namespace } = renderDefinitionsRelease(namespaces);
  const there = found.flatMap(({ name, definition }) =>
    definition === undefined ? [] : [{ name, definition }],
  );
  const foreign = there.filter(({ definition: { metadata } }) => {
    const annotations = metadata.annotations ?? {};
    return (
      annotations["meta.helm.sh/release-name"] !== release ||
      annotations["meta.helm.sh/release-namespace"] !== namespace
    );
  });
  if (foreign.length > 0)
    return wrong(check, {
      found: `CRDs that are there and belong to something else: ${foreign.map(({ name }) => name).join(", ")}`,
      allowed: `none, or those of the Helm release ${namespace}/${release}, as prometheus.crds is chart`,
      fix: "set prometheus.crds: external if another program manages them",
    });
  if (there.length === 0) return note(check, "none yet: pulumi up installs them with their chart");
  return ok(check, `${there.length} of the Helm release ${namespace}/${release}`);
}

interface StorageClass {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly allowVolumeExpansion?: boolean;
}

/** The storage class that an existing cluster must have; our own clusters get theirs. Rejects as the client does. */
export async function storageFinding(
  client: ClusterClient,
  { cluster }: Environment,
): Promise<Finding | undefined> {
  if (cluster.kind !== "existing") return undefined;
  const check = "storage class";
  const path = "/apis/storage.k8s.io/v1/storageclasses";
  const found = await client.get<StorageClass>(`${path}/${cluster.storageClass}`);
  if (found !== undefined) {
    const expansion = found.allowVolumeExpansion === true ? "volumes can grow" : "volumes cannot grow";
    return ok(
      check,
      `${cluster.storageClass}: ${found.provisioner}, ${found.reclaimPolicy ?? "Delete"}, ${expansion}`,
    );
  }
  const all = await client.must<{
    readonly items?: readonly { readonly metadata: { readonly name: string } }[];
  }>("GET", path);
  const names = (all.items ?? []).map(({ metadata }) => metadata.name);
  return wrong(check, {
    found: `no storage class ${cluster.storageClass}`,
    allowed: names.length > 0 ? `one of ${names.join(", ")}` : "a storage class; the cluster has none",
    fix: "correct cluster.storageClass, or create the storage class",
  });
}

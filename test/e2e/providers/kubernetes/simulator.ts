import { hex, type Requested, reveal, type Simulator, secretLike, type World } from "../simulator.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const OPERATOR_GROUP = "monitoring.coreos.com/";

/** The namespaces that every cluster has. */
const GIVEN_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/**
 * Stands in for `pulumi-resource-kubernetes`. As an API server would, it refuses an object whose namespace does not exist, one
 * whose kind nobody defined, and a second one of the same name: what was created too early fails here too.
 */
export const kubernetesSimulator: Simulator = {
  name: "kubernetes",
  identity({ metadata }) {
    const { name, namespace = "" } = (reveal(metadata) ?? {}) as Metadata;
    return name === undefined ? undefined : `${namespace}/${name}`;
  },
  // As the provider does (pulumi-kubernetes, provider/pkg/metadata/naming.go): an object without a name gets one, which it keeps until
  // it is replaced.
  complete({ type, logicalName, inputs }, before) {
    const metadata = (reveal(inputs["metadata"]) ?? {}) as Metadata;
    if (type === RELEASE || metadata.name !== undefined) return inputs;
    const old = (reveal(before?.["metadata"]) ?? {}) as Metadata;
    const name = old.annotations?.[AUTONAMED] === "true" ? old.name : `${logicalName}-${hex(8)}`;
    const annotations = { ...metadata.annotations, [AUTONAMED]: "true" };
    return { ...inputs, metadata: { ...metadata, name, annotations } };
  },
  // As the API server does.
  fixed: ({ kind, immutable }) =>
    kind === "Secret" && immutable === true ? ["data", "stringData", "type"] : [],
  async create(resource, world) {
    if (resource.type === RELEASE) return release(resource);
    const { inputs } = resource;
    const metadata = (reveal(inputs["metadata"]) ?? {}) as Metadata;
    const { name } = metadata;
    if (name === undefined) throw new Error("an object without a name");
    const namespace = await namespaceOf(resource, metadata, world);
    await requireDefinition(inputs, world);
    return {
      id: namespace === undefined ? name : `${namespace}/${name}`,
      computed: {
        ...stored(inputs),
        metadata: {
          ...metadata,
          name,
          ...(namespace === undefined ? {} : { namespace }),
          uid: crypto.randomUUID(),
          resourceVersion: "1",
          creationTimestamp: "2030-01-01T00:00:00Z",
        },
      },
    };
  },
};

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const AUTONAMED = "pulumi.com/autonamed";

/** Kinds of the platform that live outside namespaces. */
const CLUSTER_WIDE = new Set([
  "Namespace",
  "ClusterRole",
  "ClusterRoleBinding",
  "StorageClass",
  "PriorityClass",
  "CustomResourceDefinition",
  "APIService",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
]);

async function namespaceOf(
  { inputs }: Requested,
  metadata: Metadata,
  world: World,
): Promise<string | undefined> {
  const kind = String(inputs["kind"]);
  if (CLUSTER_WIDE.has(kind)) {
    if (metadata.namespace !== undefined) throw new Error(`a ${kind} is in no namespace`);
    return undefined;
  }
  const namespace = metadata.namespace ?? "default";
  if (!GIVEN_NAMESPACES.includes(namespace) && !(await world.exists("kubernetes", NAMESPACE, namespace)))
    throw new Error(`namespaces "${namespace}" not found`);
  return namespace;
}

async function requireDefinition(inputs: Requested["inputs"], world: World): Promise<void> {
  const apiVersion = String(inputs["apiVersion"]);
  if (!apiVersion.startsWith(OPERATOR_GROUP)) return;
  const releases = await world.ids("kubernetes", RELEASE);
  if (!releases.some((id) => id.includes("prometheus-operator-crds")))
    throw new Error(`no matches for kind "${String(inputs["kind"])}" in version "${apiVersion}"`);
}

/** The API server keeps a Secret's stringData as data, in base64. */
function stored(inputs: Requested["inputs"]): Record<string, unknown> {
  const { kind, stringData } = inputs;
  if (kind !== "Secret" || stringData === undefined) return {};
  const texts = Object.entries(reveal(stringData) as Record<string, unknown>);
  const data = texts.map(([key, text]) => [
    key,
    secretLike(text, Buffer.from(String(reveal(text))).toString("base64")),
  ]);
  return { data: secretLike(stringData, Object.fromEntries(data)) };
}

function release({ inputs, logicalName }: Requested) {
  const name = String(reveal(inputs["name"]) ?? `${logicalName}-${hex(8)}`);
  const namespace = String(reveal(inputs["namespace"]) ?? "default");
  const chart = String(reveal(inputs["chart"]));
  return {
    // The real id is namespace/name; the chart is here for the look-up of definitions.
    id: `${namespace}/${name} (${chart.split("/").at(-1)})`,
    computed: {
      name,
      namespace,
      resourceNames: {},
      status: { name, namespace, chart, revision: 1, status: "deployed", version: inputs["version"] },
    },
  };
}

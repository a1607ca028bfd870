import { PROGRAM_LABEL } from "../../../../components/usage/model.ts";
import { hex, type Requested, reveal, type Simulator, secretLike, type World } from "../simulator.ts";
import { forgetsUnreachable, objects } from "./objects.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const OPERATOR_GROUP = "monitoring.coreos.com/";

/** The namespaces that every cluster has. */
const GIVEN_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/**
 * Stands in for `pulumi-resource-kubernetes`. As an API server would, it refuses an object whose namespace does not exist, one
 * whose kind nobody defined, and a second one of the same name: what was created too early fails here too. It keeps who owns
 * which field of an object, and deletes with a namespace all that is in it.
 */
export const kubernetesSimulator: Simulator = {
  name: "kubernetes",
  async refuseDeletion(type, id, world) {
    if (type === CONFIG_MAP && id.endsWith("/bellwether-deletion-guard")) await refuseWhileInUse(world);
  },
  forgetsUnreachable,
  records: (type) => (type === RELEASE ? undefined : objects),
  async deleteWith(type, id, world) {
    if (type === NAMESPACE) await world.removeWithin("kubernetes", `${id}/`);
  },
  identity({ metadata }) {
    const { name, namespace = "" } = (reveal(metadata) ?? {}) as Metadata;
    return name === undefined ? undefined : `${namespace}/${name}`;
  },
  // As the provider does (pulumi-kubernetes, provider/pkg/metadata/naming.go): an object without a name gets one, which it keeps until
  // it is replaced. It is made of the engine's seed, so that a saved plan and the update by it have the same.
  complete({ type, logicalName, inputs }, before, seed) {
    const metadata = (reveal(inputs["metadata"]) ?? {}) as Metadata;
    if (type === RELEASE || metadata.name !== undefined) return inputs;
    const old = (reveal(before?.["metadata"]) ?? {}) as Metadata;
    const name = old.annotations?.[AUTONAMED] === "true" ? old.name : `${logicalName}-${seed.slice(0, 8)}`;
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
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "NodePool",
  "EC2NodeClass",
]);

async function namespaceOf(
  { inputs }: Requested,
  metadata: Metadata,
  world: World,
): Promise<string | undefined> {
  const kind = String(inputs["kind"]);
  if (CLUSTER_WIDE.has(kind) || (await isDefinedClusterWide(kind, world))) {
    if (metadata.namespace !== undefined) throw new Error(`a ${kind} is in no namespace`);
    return undefined;
  }
  const namespace = metadata.namespace ?? "default";
  if (!GIVEN_NAMESPACES.includes(namespace) && !(await world.exists("kubernetes", NAMESPACE, namespace)))
    throw new Error(`namespaces "${namespace}" not found`);
  return namespace;
}

/** Whether a definition of custom resources on the cluster says that this kind is outside namespaces. */
async function isDefinedClusterWide(kind: string, world: World): Promise<boolean> {
  const definitions = await world.remembered("kubernetes", DEFINITION);
  return definitions.some((text) => {
    const { fields } = JSON.parse(text) as { readonly fields: Readonly<Record<string, unknown>> };
    return fields[".spec.names.kind"] === kind && fields[".spec.scope"] === "Cluster";
  });
}

async function requireDefinition(inputs: Requested["inputs"], world: World): Promise<void> {
  const apiVersion = String(inputs["apiVersion"]);
  if (!apiVersion.startsWith(OPERATOR_GROUP)) return;
  const releases = await world.ids("kubernetes", RELEASE);
  if (!releases.some((id) => /prometheus-operator-crds|kube-prometheus-stack/.test(id)))
    throw new Error(`no matches for kind "${String(inputs["kind"])}" in version "${apiVersion}"`);
}

/** What the platform's admission policy refuses; whether it really does, the tests of the control plane say. */
async function refuseWhileInUse(world: World): Promise<void> {
  const rules = await world.remembered("kubernetes", "kubernetes:monitoring.coreos.com/v1:PrometheusRule");
  if (rules.some((text) => text.includes(PROGRAM_LABEL)))
    throw new Error(
      `ValidatingAdmissionPolicy 'bellwether-platform-in-use' denied request: this platform is in use`,
    );
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

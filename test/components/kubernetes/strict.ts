import * as prometheusOperator from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import * as prometheusOperatorAlpha from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1";
import * as admission from "kubernetes-models/admissionregistration.k8s.io/v1";
import * as apps from "kubernetes-models/apps/v1";
import * as autoscaling from "kubernetes-models/autoscaling/v2";
import * as batch from "kubernetes-models/batch/v1";
import * as networking from "kubernetes-models/networking.k8s.io/v1";
import * as policy from "kubernetes-models/policy/v1";
import * as rbac from "kubernetes-models/rbac.authorization.k8s.io/v1";
import * as scheduling from "kubernetes-models/scheduling.k8s.io/v1";
import * as storage from "kubernetes-models/storage.k8s.io/v1";
import * as core from "kubernetes-models/v1";

interface Model {
  readonly apiVersion: string;
  readonly kind: string;
  readonly prototype: { validate(this: unknown): void };
}

const MODELS: ReadonlyMap<string, Model> = new Map(
  [
    core,
    admission,
    apps,
    autoscaling,
    batch,
    networking,
    policy,
    rbac,
    scheduling,
    storage,
    prometheusOperator,
    prometheusOperatorAlpha,
  ]
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(isModel)
    .map((model) => [`${model.apiVersion}/${model.kind}`, model]),
);

function isModel(value: unknown): value is Model {
  return (
    typeof value === "function" &&
    typeof (value as Partial<Model>).apiVersion === "string" &&
    typeof (value as Partial<Model>).kind === "string"
  );
}

/**
 * What is wrong with a Kubernetes object by its schema: what kubernetes-models' own validation says, and every field that the
 * schema does not know, which that validation lets pass. An empty list is a valid object; a kind without a schema is a problem.
 *
 * The models ship their schemas compiled: code that reads each known field of an object and enumerates the fields of a map. So
 * the object is wrapped in proxies that write down what is read. A field that is present and that the validator, having read
 * others of the same object, never asked for is unknown to the schema. Where nothing is read the schema leaves the form open.
 */
export function strictProblems(object: unknown): string[] {
  // What is sent is JSON: a field that is undefined is no field.
  const sent = JSON.parse(JSON.stringify(object)) as unknown;
  const { apiVersion, kind } = (sent ?? {}) as { apiVersion?: unknown; kind?: unknown };
  const model = MODELS.get(`${apiVersion}/${kind}`);
  if (model === undefined) return [`no schema for ${apiVersion}/${kind}`];
  const witness = new Witness();
  const problems: string[] = [];
  try {
    model.prototype.validate.call(witness.watch(sent, ""));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return [
    ...problems,
    ...witness.unread().filter((problem) => !LOST_FIELDS.some((lost) => lost.test(`${kind}${problem}`))),
    ...resourceProblems(sent, "data"),
  ];
}

// Fields that are called `description` were stripped from the models' schemas together with the descriptions. Found by asking for
// every field of every model's type; there are no others.
const LOST_FIELDS = [
  /^PriorityClassdata\/description /,
  /^AlertmanagerConfigdata\/.+\/(?:opsgenie|pagerduty)Configs\/\d+\/description /,
];

// To the schema requests and limits are a map with any key. To the API server they are not.
const RESOURCES = /^(?:cpu|memory|storage|ephemeral-storage|pods|hugepages-.+|.+\..+\/.+)$/;

function resourceProblems(value: unknown, path: string): string[] {
  if (value === null || typeof value !== "object") return [];
  const unknown = ["requests", "limits"]
    .filter((key) => path.endsWith("/resources") && Object.hasOwn(value, key))
    .flatMap((key) =>
      Object.keys((value as Record<string, object>)[key] ?? {})
        .filter((resource) => !RESOURCES.test(resource))
        .map((resource) => `${path}/${key}/${resource} is no resource`),
    );
  return [
    ...unknown,
    ...Object.entries(value).flatMap(([key, inner]) => resourceProblems(inner, `${path}/${key}`)),
  ];
}

/** Which keys of which objects were asked for. */
class Witness {
  private readonly watched: { path: string; object: object; read: Set<string>; enumerated: boolean }[] = [];
  private readonly proxies = new WeakMap<object, object>();

  watch(value: unknown, path: string): unknown {
    if (value === null || typeof value !== "object") return value;
    const known = this.proxies.get(value);
    if (known !== undefined) return known;
    const record = { path, object: value, read: new Set<string>(), enumerated: Array.isArray(value) };
    this.watched.push(record);
    const proxy = new Proxy(value, {
      get: (target, key) => {
        const found = Reflect.get(target, key) as unknown;
        if (typeof key !== "string") return found;
        record.read.add(key);
        return Object.hasOwn(target, key) ? this.watch(found, `${path}/${key}`) : found;
      },
      ownKeys: (target) => {
        record.enumerated = true;
        return Reflect.ownKeys(target);
      },
    });
    this.proxies.set(value, proxy);
    return proxy;
  }

  unread(): string[] {
    return this.watched.flatMap(({ path, object, read, enumerated }) =>
      enumerated || read.size === 0
        ? []
        : Object.keys(object)
            .filter((key) => !read.has(key))
            .map((key) => `data${path}/${key} is no field of the schema`),
    );
  }
}

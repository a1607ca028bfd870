import { ALWAYS, type StackPolicy } from "../policy.ts";
import { objectName, type StackResource, TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import type { Value } from "../value.ts";
import { judgeResources } from "../violation.ts";

const SETTINGS = {
  scratch: {
    type: "strings",
    default: ["scratch", "temp", "tmp", "ephemeral", "cache"],
    description: "Words in the name of a storage class whose volumes may be deleted with their claims.",
  },
} as const;

export const volumeLifetime: StackPolicy = {
  id: "volume-lifetime",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CP-9"],
  scope: "stack",
  title: "Volumes are retained when their claim is deleted, and are created in the zone of their pod.",
  why: "Otherwise a claim that is deleted by mistake deletes its data, and a volume that is created before its pod is scheduled ties the pod to a zone that may be full.",
  fix: "set reclaimPolicy: Retain and volumeBindingMode: WaitForFirstConsumer on the storage class",
  severity: "high",
  levels: ALWAYS,
  settings: SETTINGS,
  check: (resources, context) => {
    const { scratch } = settingsOf(SETTINGS, context);
    const classes = resources.filter(({ type }) => type === TYPES.storageClass);
    return [
      ...judgeResources(classes, (one) =>
        one.properties.at("reclaimPolicy").is("Retain") || isScratch(one, resources, scratch)
          ? undefined
          : "a volume is deleted with its claim",
      ),
      ...judgeResources(classes, ({ properties }) =>
        properties.at("volumeBindingMode").is("WaitForFirstConsumer")
          ? undefined
          : "a volume is created before its pod is scheduled",
      ),
    ];
  },
};

/**
 * Whether a class is for what may be lost: it says so, and nothing in the stack keeps data on it. Throws NotYetKnown where the class of a
 * claim is known only later.
 */
function isScratch(
  one: StackResource,
  resources: readonly StackResource[],
  words: readonly string[],
): boolean {
  const name = objectName(one).toLowerCase();
  const saysSo = name.split(/[-._]/).some((word) => words.includes(word));
  return saysSo && !resources.some((resource) => classesOf(resource).includes(objectName(one)));
}

/** The storage classes of the claims of a resource; undefined where a claim names none. */
function classesOf({ type, properties }: StackResource): (string | undefined)[] {
  const spec = properties.at("spec");
  switch (type) {
    case TYPES.prometheus:
    case TYPES.alertmanager:
    case TYPES.thanosRuler:
      return [classOf(spec.at("storage", "volumeClaimTemplate", "spec"))];
    case TYPES.volumeClaim:
      return [classOf(spec)];
    case TYPES.statefulSet:
      return spec
        .at("volumeClaimTemplates")
        .items()
        .map((claim) => classOf(claim.at("spec")));
    default:
      return [];
  }
}

function classOf(claim: Value): string | undefined {
  return claim.at("storageClassName").text();
}

import { containerName, containers, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { settingsOf } from "../settings.ts";
import { judgeEach } from "../violation.ts";

const SETTINGS = {
  registries: {
    type: "strings",
    default: [] as readonly string[],
    description:
      "The beginnings of image names that are allowed, such as quay.io/prometheus/; with none, every registry is.",
  },
} as const;

export const imageRegistries: ResourcePolicy = {
  id: "image-registries",
  area: "workloads",
  pack: "security",
  standards: ["CIS EKS 5.1.4", "NIST CM-7", "NIST SR-3"],
  scope: "resource",
  title: "Images come from the registries that the configuration of the pack names.",
  why: "It is not known who may write to other registries.",
  fix: "use the image of an allowed registry, or add its registry to the policy's registries",
  severity: "medium",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  settings: SETTINGS,
  check: (resource, context) => {
    const { registries } = settingsOf(SETTINGS, context);
    if (registries.length === 0) return [];
    return judgeEach(containers(resource), (container) => {
      const image = container.at("image").text();
      if (image === undefined) return undefined;
      return registries.some((start) => wholeName(image).startsWith(start))
        ? undefined
        : `${containerName(container)} has an image of a registry that is not allowed`;
    });
  },
};

/** The name with its registry: without a host the image is Docker Hub's, and without a path one of its library. */
function wholeName(image: string): string {
  if (!image.includes("/")) return `docker.io/library/${image}`;
  return /^(?:[^/]*[.:][^/]*|localhost)\//.test(image) ? image : `docker.io/${image}`;
}

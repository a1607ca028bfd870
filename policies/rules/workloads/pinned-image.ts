import { containerName, containers, isOperated, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import type { ResourceView } from "../resource.ts";
import { judge, judgeEach } from "../violation.ts";

export const pinnedImage: ResourcePolicy = {
  id: "pinned-image",
  area: "workloads",
  scope: "resource",
  title: "Every image has a version tag or a digest.",
  why: "A tag that moves changes what runs without a change in the repository, and a rollback does not restore the former image.",
  fix: "use a version tag or a digest, from components/core/versions.ts",
  severity: "high",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  check: (resource) => [
    ...judge(() => operatedImage(resource)),
    ...judgeEach(containers(resource), (container) => {
      const image = container.at("image").text();
      // The operator fills in its own image where a patch of one of its containers has none.
      if (image === undefined && isOperated(resource)) return undefined;
      return image !== undefined && isPinned(image)
        ? undefined
        : `${containerName(container)} has an image without a version`;
    }),
  ],
};

/** The server's own image: a pinned `image`, or the `version` from which the operator makes one. */
function operatedImage(resource: ResourceView): string | undefined {
  if (!isOperated(resource)) return undefined;
  const spec = resource.properties.at("spec");
  const image = spec.at("image").text();
  const pinned = image === undefined ? spec.at("version").exists : isPinned(image);
  return pinned
    ? undefined
    : "the operator chooses the version of the server, because neither image nor version is set";
}

/** A digest, or a tag that holds a digit: `latest`, `main`, `stable` and no tag at all are moving targets. */
export function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([\w][\w.-]{0,127})$/.exec(image)?.[1];
  return tag !== undefined && /\d+\.\d+|[0-9a-f]{12,}/.test(tag);
}

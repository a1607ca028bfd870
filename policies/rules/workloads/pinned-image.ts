import { containerName, containers, isOperated, WORKLOAD_TYPES } from "../pods.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import type { ResourceView } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge, judgeEach } from "../violation.ts";

const SETTINGS = {
  immutableTags: {
    type: "strings",
    default: [
      // A version with two numbers or more.
      "\\d+\\.\\d+",
      // A commit: seven or more hexadecimal digits, of which one is a digit, as a word of the tag.
      "(?:^|[-_.])g?(?=[a-f]*\\d)[0-9a-f]{7,64}(?:$|[-_.])",
      // The number or the day of a build.
      "(?:^|[-_.])(?:b|r|build|run|ci|pr)?[-_.]?\\d{4,}(?:$|[-_.])",
      "(?:^|[-_.])(?:build|run|ci)[-_.]?\\d+(?:$|[-_.])",
    ],
    description: "Regular expressions: a tag that one of them finds something in is never moved.",
  },
} as const;

export const pinnedImage: ResourcePolicy = {
  id: "pinned-image",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CM-2", "FSBP ECR.2"],
  scope: "resource",
  title: "Every image has a digest or a tag that is never moved.",
  why: "A tag that moves changes what runs without a change in the repository, and a rollback does not restore the former image.",
  fix: "name a version, a commit or a digest in image (here: components/core/versions.ts)",
  severity: "high",
  levels: ALWAYS,
  types: WORKLOAD_TYPES,
  settings: SETTINGS,
  check: (resource, context) => [
    ...judge(() => operatedImage(resource, settingsOf(SETTINGS, context).immutableTags)),
    ...judgeEach(containers(resource), (container) => {
      const image = container.at("image").text();
      // The operator fills in its own image where a patch of one of its containers has none.
      if (image === undefined && isOperated(resource)) return undefined;
      return image !== undefined && isPinned(image, settingsOf(SETTINGS, context).immutableTags)
        ? undefined
        : `${containerName(container)} has an image without a version`;
    }),
  ],
};

/** The server's own image: a pinned `image`, or the `version` from which the operator makes one. */
function operatedImage(resource: ResourceView, immutable: readonly string[]): string | undefined {
  if (!isOperated(resource)) return undefined;
  const spec = resource.properties.at("spec");
  const image = spec.at("image").text();
  // An image goes before a version.
  if (image !== undefined)
    return isPinned(image, immutable) ? undefined : "the server has an image without a version";
  return spec.at("version").exists
    ? undefined
    : "the operator chooses the version of the server, because neither image nor version is set";
}

/** A digest, or a tag that is immutable by its form: `latest`, `main`, `v1` and no tag at all are moving targets. */
export function isPinned(
  image: string,
  immutable: readonly string[] = SETTINGS.immutableTags.default,
): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([\w][\w.-]{0,127})$/.exec(image)?.[1];
  return tag !== undefined && immutable.some((form) => new RegExp(form).test(tag));
}

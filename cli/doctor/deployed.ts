import { kubernetesObjects } from "../artefacts/manifests.ts";
import type { ReadyStack } from "../environments.ts";
import type { Platform } from "../platform.ts";
import { itemsOf, textAt, type Wire } from "../recording/wire.ts";
import { previewConfig } from "../secrets.ts";
import type { KindPlace } from "./permissions.ts";

/** What a deployment creates, as far as it asks something of a cluster. */
export interface Deployed {
  readonly places: readonly KindPlace[];
  /** The images of all pods, with their registries. */
  readonly images: readonly string[];
}

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Runs the program as a preview does and looks at what it would create. */
export async function deployedBy(platform: Platform, stack: ReadyStack, today: string): Promise<Deployed> {
  const { record } = await import("../recording/recorder.ts");
  const context = {
    project: platform.project,
    stack: stack.stack,
    ...previewConfig(stack.file, stack.secrets),
  };
  const { resources } = await record(await platform.program(), context, { today });
  const objects = kubernetesObjects(resources);
  const places = new Map<string, KindPlace>();
  const add = (place: KindPlace) => places.set(Object.values(place).join(" "), place);
  for (const { apiVersion, kind, namespace } of objects) add({ apiVersion, kind, namespace });
  for (const { type, inputs } of resources) {
    if (type !== RELEASE) continue;
    // Helm keeps a release in a Secret, and the chart's CRDs are the release's.
    add({ apiVersion: "v1", kind: "Secret", namespace: textAt(inputs, "namespace") });
    add({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", namespace: undefined });
  }
  return {
    places: [...places.values()],
    images: [...new Set(objects.flatMap(({ object }) => imagesIn(object)))].sort(),
  };
}

/** Every text under a key `image`, wherever it is. */
function imagesIn(value: Wire): readonly string[] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return itemsOf(value).flatMap(imagesIn);
  return Object.entries(value).flatMap(([key, inner]: [string, Wire]) =>
    key === "image" && typeof inner === "string" ? [inner] : imagesIn(inner),
  );
}

import * as pulumi from "@pulumi/pulumi";
import { withImages } from "../components/images/render.ts";
import type { Environment } from "../stacks/environment.ts";

// What holds of every object on a cluster, whichever component registers it.

/** What the children of a component wait for: objects for the first, and what the operator acts upon for the second too. */
interface Ground {
  readonly objects: readonly pulumi.Resource[];
  readonly operated?: readonly pulumi.Resource[];
}

/**
 * Makes a component's children depend on resources. A component's own `dependsOn` orders how its children are created, but is
 * not written down for each of them, and it is by what is written down that Pulumi deletes: without this, `destroy` would take
 * the nodes and the operator away while what runs on them is still being deleted. A child that waits for one of its siblings
 * depends through that one, so it gets no more: the ways down multiply, and the engine walks them all.
 */
export function after(
  { objects, operated = [] }: Ground,
  pulled: readonly pulumi.ResourceTransformation[],
): pulumi.ComponentResourceOptions {
  return {
    transformations: [
      ...pulled,
      ({ type, props, opts }) => {
        const waits = opts.dependsOn === undefined ? [...objects] : [];
        if (type.startsWith("kubernetes:monitoring.coreos.com/")) waits.push(...operated);
        return { props, opts: pulumi.mergeOptions(opts, { dependsOn: waits }) };
      },
    ],
  };
}

/** Takes the images of all Kubernetes objects from where the environment says, in one place. */
export function pulledFrom({ images }: Environment): readonly pulumi.ResourceTransformation[] {
  if (images === undefined) return [];
  return [
    ({ type, props, opts }) =>
      type.startsWith("kubernetes:")
        ? { props: withImages(props, type.split(":").at(-1) ?? "", images), opts }
        : undefined,
  ];
}

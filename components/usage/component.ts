import * as pulumi from "@pulumi/pulumi";
import { createObject } from "../kubernetes/component.ts";
import { renderDeletionGuard } from "./render.ts";

export interface DeletionGuardArgs {
  /** The namespace in which the programs of teams create their monitors and rules. */
  readonly namespace: string;
  /** Everything that must not be deleted while the platform is in use. */
  readonly platform: readonly pulumi.Resource[];
}

/**
 * Refuses to delete a platform while programs of teams use it: its last object depends on all others, so that a destroy begins with
 * it, and Kubernetes refuses to delete that one. Needs a Kubernetes provider, and the operator's CRDs.
 */
export class DeletionGuard extends pulumi.ComponentResource {
  constructor(
    name: string,
    { namespace, platform }: DeletionGuardArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("bellwether:usage:DeletionGuard", name, {}, opts);
    const { policy, binding, guard } = renderDeletionGuard(namespace);
    const child = { parent: this };
    const admission = createObject(`${name}-policy`, policy, child);
    const bound = createObject(`${name}-binding`, binding, { ...child, dependsOn: [admission] });
    createObject(name, guard, { ...child, dependsOn: [bound, ...platform] });
    this.registerOutputs();
  }
}

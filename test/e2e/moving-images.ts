import * as pulumi from "@pulumi/pulumi";
import program from "../../infra/index.ts";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** The platform's program, but every Deployment runs whatever its image's newest version is. */
export async function withMovingImages(): Promise<Record<string, unknown>> {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== DEPLOYMENT) return undefined;
    const deployment = structuredClone(props) as Deployment;
    for (const container of deployment.spec.template.spec.containers)
      container.image = `${container.image.split(":")[0]}:latest`;
    return { props: { ...deployment }, opts };
  });
  return await program();
}

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: { image: string }[] } } };
}

import type * as pulumi from "@pulumi/pulumi";

/**
 * Options of a provider that keep its inputs to those of `args`. The SDKs fill what a program leaves out from variables of the shell
 * (KUBECONFIG, PULUMI_K8S_*, GRAFANA_*, AWS_REGION): with them a preview would depend on who runs it, two people would change the
 * provider back and forth, and a token of the shell would be in the files of the preview.
 *
 * A provider itself still reads its variables when it runs, for what its inputs leave open.
 */
export function onlyGiven(args: object): pulumi.CustomResourceOptions {
  const given = new Set(
    Object.entries(args)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name),
  );
  return {
    transformations: [
      ({ props, opts }) => ({
        props: Object.fromEntries(Object.entries(props).filter(([name]) => given.has(name))),
        opts,
      }),
    ],
  };
}

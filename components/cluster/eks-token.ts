/** What a user of a kubeconfig runs for a token. */
export interface TokenCommand<Name> {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly (string | Name)[];
  readonly interactiveMode: "Never";
}

/** Asks the aws CLI for a token of whoever runs the command: a kubeconfig with it has no credential in it. */
export function eksTokenCommand<Name>(clusterName: Name, region: string): TokenCommand<Name> {
  return {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"],
    interactiveMode: "Never",
  };
}

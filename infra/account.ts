import * as aws from "@pulumi/aws";
import type { AwsPlace, Keys } from "../components/aws/model.ts";
import { onlyGiven } from "../components/providers/given.ts";
import type { Environment } from "../stacks/environment.ts";

/** The environment's AWS account, as what is made in it needs it. */
export interface Account extends AwsPlace {
  readonly provider: aws.Provider;
  readonly keys: Keys;
  readonly tags: Readonly<Record<string, string>>;
}

export function useAccount({ name, owner, aws: account }: Environment): Account | undefined {
  if (account === undefined) return undefined;
  const { accountId, region, keys } = account;
  const tags = {
    "bellwether:environment": name,
    "bellwether:managed-by": "pulumi",
    "bellwether:owner": owner,
  };
  const place = { accountId, region, tags };
  return { ...place, keys, provider: providerOf("aws", place) };
}

/** A provider that is held to the account. */
export function providerOf(
  name: string,
  { accountId, region, tags }: Omit<Account, "provider" | "keys">,
): aws.Provider {
  const args: aws.ProviderArgs = {
    region: region as aws.Region,
    allowedAccountIds: [accountId],
    defaultTags: { tags },
  };
  return new aws.Provider(name, args, onlyGiven(args));
}

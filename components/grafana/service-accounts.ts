import * as aws from "@pulumi/aws";
import * as grafana from "@pulumi/grafana";
import * as pulumi from "@pulumi/pulumi";
import type { AccountsSettings } from "./people-settings.ts";
import { type PlannedToken, TOKEN_LIFETIME_DAYS, tokenName, tokenPlan, tokensOf } from "./token-rotation.ts";

/** The values that determine which tokens exist. */
export interface Rotation {
  /** The day of the deployment, as YYYY-MM-DD. */
  readonly today: string;
  readonly generation: number;
}

/** A token as arguments of an API. */
interface NewToken {
  readonly slot: PlannedToken["slot"];
  readonly name: string;
  readonly secondsToLive: number;
}

/** The current keys of the service accounts, by account; secrets. */
export type AccountKeys = Readonly<Record<string, pulumi.Output<string>>>;

/** Creates the two tokens of an account. Returns the key of the current one as a secret. */
function rotatingKey(
  account: string,
  { today, generation }: Rotation,
  create: (token: NewToken) => pulumi.Output<string>,
): pulumi.Output<string> {
  const plan = tokenPlan(today);
  const keys = tokensOf(plan).map((planned) => {
    const name = tokenName(account, generation, planned);
    const key = create({ slot: planned.slot, name, secondsToLive: TOKEN_LIFETIME_DAYS * 86_400 });
    return { slot: planned.slot, key };
  });
  const inUse = keys.find(({ slot }) => slot === plan.inUse.slot);
  if (inUse === undefined) throw new Error(`no token in the slot ${plan.inUse.slot}`);
  return pulumi.secret(inUse.key);
}

/** Creates a service account of an Amazon Managed Grafana workspace. Returns its current key. */
export function createWorkspaceAccount(
  name: string,
  args: Rotation & {
    readonly account: string;
    readonly role: "ADMIN" | "EDITOR" | "VIEWER";
    readonly workspaceId: pulumi.Output<string>;
  },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { account, role, workspaceId } = args;
  const { serviceAccountId } = new aws.grafana.WorkspaceServiceAccount(
    name,
    { workspaceId, name: account, grafanaRole: role },
    opts,
  );
  return rotatingKey(
    account,
    args,
    ({ slot, ...token }) =>
      new aws.grafana.WorkspaceServiceAccountToken(
        `${name}-${slot}`,
        { workspaceId, serviceAccountId, ...token },
        opts,
      ).key,
  );
}

/** Creates the service accounts of an Amazon Managed Grafana workspace. */
export function createWorkspaceAccounts(
  name: string,
  accounts: AccountsSettings,
  args: { readonly today: string; readonly workspaceId: pulumi.Output<string> },
  opts: pulumi.CustomResourceOptions,
): AccountKeys {
  return mapped(accounts, (account, { role, tokenGeneration: generation }) =>
    createWorkspaceAccount(
      `${name}-account-${account}`,
      { ...args, account, generation, role: role === "editor" ? "EDITOR" : "VIEWER" },
      opts,
    ),
  );
}

/** Creates the service accounts of an existing Grafana through its API. */
export function createAccounts(
  name: string,
  accounts: AccountsSettings,
  { today, orgId }: { readonly today: string; readonly orgId: string },
  opts: pulumi.CustomResourceOptions,
): AccountKeys {
  return mapped(accounts, (account, { role, tokenGeneration: generation }) => {
    const { id: serviceAccountId } = new grafana.oss.ServiceAccount(
      `${name}-account-${account}`,
      { name: account, role: role === "editor" ? "Editor" : "Viewer", orgId },
      opts,
    );
    return rotatingKey(
      account,
      { today, generation },
      ({ slot, ...token }) =>
        new grafana.oss.ServiceAccountToken(
          `${name}-account-${account}-${slot}`,
          { serviceAccountId, ...token },
          opts,
        ).key,
    );
  });
}

function mapped(
  accounts: AccountsSettings,
  create: (account: string, settings: AccountsSettings[string]) => pulumi.Output<string>,
): AccountKeys {
  return Object.fromEntries(
    Object.entries(accounts).map(([account, settings]) => [account, create(account, settings)]),
  );
}

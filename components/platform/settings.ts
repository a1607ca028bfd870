import * as pulumi from "@pulumi/pulumi";
import { VERSIONS } from "../core/versions.ts";

/** Counts up when what {@link PlatformSettings} records changes its meaning. */
export const SETTINGS_FORMAT = 1;

export const SETTINGS_TYPE = "bellwether:platform:Settings";

export interface PlatformSettingsArgs {
  /** Every setting of the environment, the defaults of its tier among them. Secrets are there by name only. */
  readonly environment: object;
}

/**
 * Keeps in the state what the platform was deployed with: settings that change no resource by themselves, such as the teams' receivers,
 * which the state otherwise has as a secret only. `bellwether review --plan` compares it with what the program would deploy. Creates nothing.
 */
export class PlatformSettings extends pulumi.ComponentResource {
  constructor(name: string, { environment }: PlatformSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(SETTINGS_TYPE, name, {}, opts);
    this.registerOutputs({ format: SETTINGS_FORMAT, environment, versions: VERSIONS });
  }
}

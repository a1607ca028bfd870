import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlertmanagerSettings } from "../alertmanager/model.ts";
import { renderStoreAlertmanager } from "../alertmanager/store-configuration.ts";
import type { Tags } from "../aws/component.ts";
import type { Duration } from "../core/duration.ts";
import { InvalidInputError } from "../core/problems.ts";
import { AMP_LIMITS } from "./limits.ts";
import { quotaProblems } from "./quotas.ts";
import { type LocalGroup, renderStoredFiles } from "./render.ts";
import type { Origin } from "./scope.ts";

/** What the rules in a workspace are made from. */
export interface StoredRulesArgs {
  /** The environment's name. */
  readonly environment: string;
  readonly workspaceId: pulumi.Input<string>;
  /** The groups by the namespace that they are in. */
  readonly groups: Readonly<Record<string, readonly LocalGroup[]>>;
  /** The external labels of the Prometheus that sends the samples. */
  readonly origin: Origin;
  readonly scrapeInterval: Duration;
  readonly settings: AlertmanagerSettings;
  /** The ARN of the topic that takes the heartbeats of the workspace. */
  readonly heartbeatTopic: string;
  readonly tags: Tags;
}

/**
 * Rules that a workspace of Amazon Managed Service for Prometheus evaluates, and the routes of its alert manager. Throws an
 * {@link InvalidInputError} for what exceeds its quotas, with the counts. Needs a provider of the workspace's region.
 */
export class StoredRules extends pulumi.ComponentResource {
  constructor(name: string, args: StoredRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, workspaceId, settings, heartbeatTopic, tags } = args;
    const files = renderStoredFiles(args.groups, { ...args, rulesInGroup: AMP_LIMITS.rulesInGroup });
    const problems = quotaProblems(files, settings, AMP_LIMITS, "environment.prometheus");
    if (problems.length > 0) throw new InvalidInputError(`Rules of ${environment}`, problems);
    super("bellwether:stored-rules:StoredRules", name, {}, opts);
    const child = { parent: this };
    const routes = new aws.amp.AlertManagerDefinition(
      name,
      { workspaceId, definition: renderStoreAlertmanager({ settings, environment, heartbeatTopic }) },
      child,
    );
    // After the routes: an alert that fires at once has somewhere to go.
    for (const [namespace, { text }] of Object.entries(files))
      new aws.amp.RuleGroupNamespace(
        `${name}-${namespace}`,
        { name: namespace, workspaceId, data: text, tags },
        { ...child, dependsOn: [routes] },
      );
    this.registerOutputs({});
  }
}

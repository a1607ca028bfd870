import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../core/duration.ts";
import { InvalidInputError } from "../core/problems.ts";
import { HANDOVER_OUTPUT, handoverFrom, type PlatformHandover } from "./model.ts";

/** The platform that a team's own program puts its services on. */
export class Platform {
  /** The environment's name: what a definition's `environments` are keyed by. */
  readonly environment: string;
  /** The name of the Kubernetes cluster. */
  readonly clusterName: string;
  /** The namespace of monitors and rules, the platform's own. */
  readonly monitoringNamespace: string;
  /** How often targets are scraped and rules evaluated. */
  readonly scrapeInterval: Duration;
  /** Where people open Grafana, if anywhere but through a port-forward. */
  readonly grafanaUrl: string | undefined;
  /** Everything that the platform's stack hands over. */
  readonly handover: PlatformHandover;

  private constructor(handover: PlatformHandover) {
    this.environment = handover.environment;
    this.clusterName = handover.clusterName;
    this.monitoringNamespace = handover.monitoringNamespace;
    this.scrapeInterval = handover.scrapeInterval;
    this.grafanaUrl = handover.grafanaUrl;
    this.handover = handover;
  }

  /**
   * The platform of a deployed stack, such as `acme/bellwether/prod`, read through a StackReference of that name. Await it: what
   * it says decides which resources there are, so it must be known before they are made.
   *
   * Rejects with an InvalidInputError where an output is missing, has another form, or is of a release that does not fit this one.
   */
  static async fromStack(stack: string, opts: pulumi.CustomResourceOptions = {}): Promise<Platform> {
    const reference = new pulumi.StackReference(stack, {}, opts);
    const { value } = await reference.getOutputDetails(HANDOVER_OUTPUT);
    return Platform.fromOutputs(value === undefined ? {} : { [HANDOVER_OUTPUT]: value }, stack);
  }

  /** The platform that a stack's outputs describe, such as `pulumi stack output --json` prints them. Throws an InvalidInputError. */
  static fromOutputs(outputs: Readonly<Record<string, unknown>>, stack = "platform"): Platform {
    const checked = handoverFrom(outputs, stack);
    if (!checked.ok) throw new InvalidInputError(`The platform ${stack}`, checked.problems);
    return new Platform(checked.value);
  }
}

import { services } from "../stacks/services/index.ts";
import { deployWith } from "./deploy.ts";
import { refuseImpossibleUpdates } from "./refusals.ts";
import { problemsOfShell } from "./shell.ts";

/**
 * The Pulumi program. Bellwether's preview runs the same without a look at the shell and at what is deployed. Nothing else is exported: Pulumi
 * refuses an entry point that has both a default and named exports.
 */
export default function program(): Promise<Record<string, unknown>> {
  refuseImpossibleUpdates();
  return deployWith(services, problemsOfShell);
}

import { services } from "../stacks/services/index.ts";
import { deployWith } from "./deploy.ts";
import { problemsOfShell } from "./shell.ts";

/**
 * The Pulumi program. Bellwether's preview runs the same without a look at the shell. Nothing else is exported: Pulumi refuses an entry
 * point that has both a default and named exports.
 */
export default function program(): Promise<Record<string, unknown>> {
  return deployWith(services, problemsOfShell);
}

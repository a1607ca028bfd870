import { services } from "../stacks/services/index.ts";
import { deployWith } from "./deploy.ts";

/**
 * The Pulumi program, exported as a function, because the in-process preview runs it once for each environment. Nothing else is
 * exported: Pulumi refuses an entry point that has both a default and named exports.
 */
export default function program(): Promise<Record<string, unknown>> {
  return deployWith(services);
}

import { createRequire } from "node:module";
import { InvalidInputError } from "../../components/core/problems.ts";

/**
 * Throws an InvalidInputError if a project has no @pulumi/policy. A pack runs in a process of its own, where a package that is missing
 * could not be told from a defect.
 */
export function requirePolicySdk(): void {
  try {
    createRequire(import.meta.url).resolve("@pulumi/policy");
  } catch {
    throw new InvalidInputError("The policy pack", [
      {
        path: "package.json",
        found: "no @pulumi/policy, which the policy pack is written with",
        allowed: "the package",
        fix: "npm install --save-dev @pulumi/policy",
      },
    ]);
  }
}

import { createRequire } from "node:module";
import { InvalidInputError } from "../../components/core/problems.ts";

/**
 * Throws an InvalidInputError if a project has no @pulumi/policy. The pack runs in a process of its own, where a package that is missing
 * could not be told from a defect. `otherwise` is what is allowed without the package.
 */
export function requirePolicySdk(otherwise?: string): void {
  try {
    createRequire(import.meta.url).resolve("@pulumi/policy");
  } catch {
    throw new InvalidInputError("The policy pack", [
      {
        path: "package.json",
        found: "no @pulumi/policy, which the policy pack is written with",
        allowed: otherwise === undefined ? "the package" : `the package, or ${otherwise}`,
        fix: "npm install --save-dev @pulumi/policy",
      },
    ]);
  }
}

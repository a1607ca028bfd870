import { type Problem, shown } from "../../components/core/problems.ts";
import { dnsLabel } from "../../components/core/schema.ts";

/** What is wrong with the names that a command line gives an environment, by where they stand: `--owner`. */
export function nameProblems(names: Readonly<Record<string, string>>): readonly Problem[] {
  return Object.entries(names)
    .filter(([, name]) => !dnsLabel().safeParse(name).success)
    .map(([path, name]) => ({
      path,
      found: shown(name),
      allowed: "a name of lower-case letters, digits and hyphens",
      fix: "write such a name",
    }));
}

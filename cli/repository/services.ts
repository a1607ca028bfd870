import type { Service } from "../../components/service/model.ts";

/** The services of this repository. Throws an InvalidInputError for mistakes in their definitions. */
export async function services(): Promise<readonly Service[]> {
  return (await import("../../stacks/services/index.ts")).services;
}

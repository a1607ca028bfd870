import type { Validated } from "../components/core/validation.ts";
import type { Service } from "../components/service/model.ts";
import type { Environment } from "../stacks/environment.ts";
import { stackNames } from "../stacks/names.ts";
import { networkBlocks } from "../stacks/networks.ts";
import { resolveEnvironment } from "../stacks/resolve.ts";
import { writtenStores } from "../stacks/stores.ts";

/** How this repository reads an environment, as of a day, for these services. */
export function resolverFor(
  services: readonly Service[],
  today: string,
): (raw: unknown, stack: string) => Validated<Environment> {
  const environments = stackNames();
  const blocks = networkBlocks();
  const stores = writtenStores();
  return (raw, stack) => resolveEnvironment(raw, { stack, today, environments, blocks, stores, services });
}

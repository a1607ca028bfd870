import { STACKS_FOLDER } from "./names.ts";
import { type WrittenEnvironment, writtenEnvironments } from "./written.ts";

/** What a stack's file says of where samples go, and of objectives over several environments. */
export interface WrittenStore {
  /** The name of the cluster: the external label `cluster`. */
  readonly cluster: string;
  /** The URL that samples are sent to. Undefined: to none, or to one that only exists later. */
  readonly url?: string;
  readonly tenant?: string;
  /** The services whose objectives this environment judges over several. */
  readonly judges: readonly string[];
}

/** The stores of the environments, by environment, as the files of the stacks say it. */
export function writtenStores(folder = STACKS_FOLDER): Readonly<Record<string, WrittenStore>> {
  return Object.fromEntries(
    writtenEnvironments(folder).map(([stack, environment]) => [stack, storeIn(stack, environment)]),
  );
}

function storeIn(stack: string, { cluster, prometheus }: WrittenEnvironment): WrittenStore {
  const { url, tenant } = prometheus?.store ?? {};
  const judges = prometheus?.global?.services;
  return {
    // Only a cluster that exists has a name of its own; others have that of the environment.
    cluster: typeof cluster?.name === "string" ? cluster.name : stack,
    ...(typeof url === "string" && { url }),
    ...(typeof tenant === "string" && { tenant }),
    judges: Array.isArray(judges) ? judges.filter((name) => typeof name === "string") : [],
  };
}

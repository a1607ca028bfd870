import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { memoize } from "../components/core/memoize.ts";
import { STACKS_FOLDER, stackNames } from "./names.ts";

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

/** The stores of the environments, by environment. A file that cannot be read says nothing here: its own mistakes are reported where it is resolved. */
export function writtenStores(folder = STACKS_FOLDER): Readonly<Record<string, WrittenStore>> {
  return Object.fromEntries(
    stackNames(folder).flatMap((stack) => {
      const found = storeIn(textOf(join(folder, `Pulumi.${stack}.yaml`)));
      return found === undefined ? [] : [[stack, { ...found, cluster: found.cluster ?? stack }]];
    }),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** By the text of a file, which each environment of a preview asks for again. */
const storeIn = memoize((text: string) => {
  try {
    const file = parse(text) as { readonly config?: { readonly "bellwether:environment"?: Written } };
    const { cluster, prometheus } = file.config?.["bellwether:environment"] ?? {};
    const { url, tenant } = prometheus?.store ?? {};
    const judges = prometheus?.global?.services;
    return {
      // Only a cluster that exists has a name of its own; others have that of the environment.
      ...(typeof cluster?.name === "string" && { cluster: cluster.name }),
      ...(typeof url === "string" && { url }),
      ...(typeof tenant === "string" && { tenant }),
      judges: Array.isArray(judges) ? judges.filter((name) => typeof name === "string") : [],
    };
  } catch {
    return undefined;
  }
});

interface Written {
  readonly cluster?: { readonly name?: unknown };
  readonly prometheus?: {
    readonly store?: { readonly url?: unknown; readonly tenant?: unknown };
    readonly global?: { readonly services?: unknown };
  };
}

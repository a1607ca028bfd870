import { parse } from "yaml";
import type { Connection } from "../../verify/connection.ts";
import { isMap } from "../leaves.ts";

/** What a server adds to all series that others read from it; a reader with the same labels takes them off again. */
export async function externalLabels({ ask }: Connection): Promise<Readonly<Record<string, string>>> {
  const { yaml } = await ask<{ readonly yaml: string }>("status/config");
  const config: unknown = parse(yaml);
  const global = isMap(config) ? config["global"] : undefined;
  const labels = isMap(global) ? global["external_labels"] : undefined;
  return isMap(labels)
    ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
    : {};
}

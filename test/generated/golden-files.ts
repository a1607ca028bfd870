import { readFileSync } from "node:fs";
import { join } from "node:path";

// Golden files show a change; other tests decide whether it is right. A resource that is renamed here is deleted and created again in
// production, unless it has an alias.

/** The environments that have golden files. */
const GOLDEN_ENVIRONMENTS = ["dev", "local", "prod", "staging"] as const;

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | null;
}

/** The golden files by their paths in the repository, from the folder of the environments' previews. */
export function goldenFiles(previews: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    GOLDEN_ENVIRONMENTS.flatMap((environment) => {
      const read = (file: string) => readFileSync(join(previews, environment, file), "utf8");
      const { resources } = JSON.parse(read("graph.json")) as { resources: readonly Resource[] };
      return [
        [`test/golden/${environment}/resources.tsv`, identities(resources)],
        [`test/golden/${environment}/alertmanager.yaml`, read("alertmanager/alertmanager.yaml")],
      ];
    }),
  );
}

/** Type, name and parent of each resource. */
export function identities(resources: readonly Resource[]): string {
  const short = new Map(resources.map(({ urn, type, name }) => [urn, `${type} ${name}`]));
  const lines = resources.map(
    ({ type, name, parent }) => `${type}\t${name}\t${parent === null ? "-" : (short.get(parent) ?? "-")}`,
  );
  return `${lines.sort().join("\n")}\n`;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A metric that is selected by name: what rules and dashboards are written with selects every one by its job. */
const SELECTED = /\b([a-zA-Z_:][\w:]*)(?=\\?\{|\[)/g;

/** The metrics that an environment's rules and dashboards read, but for those that rules record. */
export function metricsRead(preview: string): string[] {
  const text = ["prometheus/rules", "dashboards"]
    .flatMap((folder) => readdirSync(join(preview, folder)).map((file) => join(preview, folder, file)))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const names = [...text.matchAll(SELECTED)].map(([, name = ""]) => name);
  return [...new Set(["up", ...names])].filter((name) => /^up$|^[a-z][a-z0-9]*_\w+$/.test(name)).sort();
}

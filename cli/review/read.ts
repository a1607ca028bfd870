import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { PolicyResult } from "../policy/verdict.ts";
import { type EnvironmentModel, MODEL_FORMAT, type ModelResource, type WrittenModel } from "./model.ts";

/** Why a folder of a preview cannot be compared, as a sentence without its full stop. */
export class NotComparable extends Error {
  override readonly name = "NotComparable";
}

/** The environments whose previews are in a folder, sorted. */
export function previewedIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "graph.json")))
    .sort();
}

/** What a preview wrote to `out/<environment>/`. Throws {@link NotComparable} for what another version of Bellwether wrote. */
export function readModel(folder: string): EnvironmentModel {
  const path = join(folder, "model.json");
  if (!existsSync(path))
    throw new NotComparable(
      "its preview writes no model.json, because its version of Bellwether is older than `review`",
    );
  const written = json(path) as WrittenModel;
  if (written.format !== MODEL_FORMAT)
    throw new NotComparable(
      `its model.json has format ${written.format}, and this version of Bellwether compares format ${MODEL_FORMAT}`,
    );
  const graph = json(join(folder, "graph.json")) as {
    readonly resources: readonly ModelResource[];
    readonly outputs: EnvironmentModel["outputs"];
  };
  const routing = join(folder, "alertmanager/alertmanager.yaml");
  return {
    ...written,
    resources: graph.resources,
    outputs: graph.outputs,
    dashboards: dashboardsIn(join(folder, "dashboards")),
    policies: json(join(folder, "policies.json")) as readonly PolicyResult[],
    alertmanager: existsSync(routing) ? (parse(readFileSync(routing, "utf8")) as unknown) : undefined,
  };
}

function dashboardsIn(folder: string): Readonly<Record<string, unknown>> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  return Object.fromEntries(files.map((file) => [file.replace(/\.json$/, ""), json(join(folder, file))]));
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

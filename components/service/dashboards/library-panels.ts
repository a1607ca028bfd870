import { isJson, type Json, objectsIn } from "../../core/json.ts";

/** Each panel with what its library has of it, where the export contains that; other panels are as they were. */
export function withLibraryPanels(dashboard: Json): Json {
  const { __elements, panels } = dashboard;
  return { ...dashboard, panels: filled(panels, isJson(__elements) ? __elements : {}) };
}

function filled(panels: unknown, elements: Json): readonly Json[] {
  return objectsIn(panels).map((panel) => {
    const { libraryPanel, id, gridPos, panels: inner } = panel;
    const element = isJson(libraryPanel) ? elements[String(libraryPanel["uid"])] : undefined;
    const model = isJson(element) ? element["model"] : undefined;
    if (!isJson(model)) return Array.isArray(inner) ? { ...panel, panels: filled(inner, elements) } : panel;
    const { libraryPanel: _, ...content } = model;
    return { ...content, ...(id === undefined ? {} : { id }), gridPos };
  });
}

/** The panels that are still in a library, each with the way to it. */
export function libraryPanels(
  panels: unknown,
  way: readonly (string | number)[] = ["panels"],
): readonly { readonly name: string; readonly way: readonly (string | number)[] }[] {
  return objectsIn(panels).flatMap(({ libraryPanel, panels: inner }, index) => {
    const here = [...way, index];
    if (isJson(libraryPanel))
      return [{ name: String(libraryPanel["name"] ?? libraryPanel["uid"]), way: here }];
    return libraryPanels(inner, [...here, "panels"]);
  });
}

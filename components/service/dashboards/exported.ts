import { isJson, type Json, objectsIn } from "../../core/json.ts";
import { joinPath, type Problem, shown } from "../../core/problems.ts";
import { LONGEST_UID } from "../../signals/panels.ts";

// What Grafana writes when it exports a dashboard, by its source (public/app/features/dashboard-scene, Grafana 13): "Classic" is the
// dashboard itself; "Export for sharing externally" adds __inputs, __elements and __requires and puts ${DS_…} for the uids of data sources;
// a resource has the dashboard in spec and its uid as metadata.name; the API wraps it with its meta data. A failed export writes an error.

/** The dashboard of the classic schema in an export, without its wrapping; or what to do with another export. */
export type Unwrapped =
  | { readonly ok: true; readonly dashboard: Json; readonly at: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const CLASSIC = "a dashboard of Grafana's classic schema, with a list of panels";
const AGAIN = 'export it again: Export, Export as code, under Advanced options the model "Classic"';

export function unwrapped(exported: Json, path: string): Unwrapped {
  const { apiVersion, spec, metadata, dashboard } = exported;
  if (isJson(dashboard)) return classic(dashboard, joinPath(path, ["dashboard"]));
  if (typeof apiVersion !== "string") return classic(exported, path);
  const at = joinPath(path, ["spec"]);
  if (/\/v2/.test(apiVersion))
    return refused(joinPath(path, ["apiVersion"]), `${shown(apiVersion)}, the schema v2`, CLASSIC, AGAIN);
  if (!apiVersion.startsWith("dashboard.grafana.app/") || !isJson(spec))
    return refused(
      joinPath(path, ["apiVersion"]),
      shown(apiVersion),
      "a dashboard, or a resource of dashboard.grafana.app with its spec",
      AGAIN,
    );
  const uid = isJson(metadata) ? metadata["name"] : undefined;
  return classic({ ...(typeof uid === "string" ? { uid } : {}), ...spec }, at);
}

function classic(dashboard: Json, at: string): Unwrapped {
  const { panels, rows, elements, layout, error } = dashboard;
  if (isJson(elements) || isJson(layout))
    return refused(at, "elements and a layout, the schema v2", CLASSIC, AGAIN);
  if (Array.isArray(panels)) return { ok: true, dashboard, at };
  if (Array.isArray(rows))
    return refused(
      joinPath(at, ["rows"]),
      "rows, as Grafana wrote them before version 5",
      CLASSIC,
      "import it into Grafana, which converts it, save it and export it again",
    );
  if (error !== undefined)
    return refused(joinPath(at, ["error"]), `${shown(error)}: Grafana could not export it`, CLASSIC, AGAIN);
  return refused(joinPath(at, ["panels"]), shown(panels), CLASSIC, AGAIN);
}

function refused(path: string, found: string, allowed: string, fix: string): Unwrapped {
  return { ok: false, problems: [{ path, found, allowed, fix }] };
}

/** The uid and the title of a dashboard, and what is wrong with them. */
export function identityProblems({ uid, title }: Json, path: string): readonly Problem[] {
  const isUid = typeof uid === "string" && new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST_UID}}$`).test(uid);
  return [
    ...(isUid
      ? []
      : [
          {
            path: joinPath(path, ["uid"]),
            found: shown(uid),
            allowed: `a uid of 1 to ${LONGEST_UID} letters, digits, hyphens and underscores: links contain it`,
            fix: "add one that no other dashboard has, such as shop-orders",
          },
        ]),
    ...(isUid && /^bellwether(?:-|$)/i.test(uid)
      ? [
          {
            path: joinPath(path, ["uid"]),
            found: shown(uid),
            allowed: "a uid that does not begin with bellwether: those are dashboards of the platform",
            fix: "give it another one, such as shop-orders",
          },
        ]
      : []),
    ...(typeof title === "string" && title.trim() !== ""
      ? []
      : [{ path: joinPath(path, ["title"]), found: shown(title), allowed: "a title", fix: "add one" }]),
  ];
}

/** An input of an export for sharing. */
export interface Input {
  readonly name: string;
  readonly type: string;
  readonly pluginId: string;
  readonly value: string | undefined;
  readonly at: string;
}

export function inputsOf({ __inputs }: Json, path: string): readonly Input[] {
  return objectsIn(__inputs).flatMap(({ name, type, pluginId, value }, index) =>
    typeof name === "string" && typeof type === "string"
      ? [
          {
            name,
            type,
            pluginId: typeof pluginId === "string" ? pluginId : "",
            value: typeof value === "string" ? value : undefined,
            at: joinPath(path, ["__inputs", index]),
          },
        ]
      : [],
  );
}

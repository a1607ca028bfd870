import type { Change, Detail } from "./change.ts";
import { isMap, type LeafChange, leafChanges, leavesOf } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";
import { queryDetails } from "./query-diff.ts";

type Json = Readonly<Record<string, unknown>>;

/** Panels and dashboards that are added, removed or changed. Where a panel stands and its number are left out. */
export function dashboardChanges(
  before: EnvironmentModel,
  after: EnvironmentModel,
  services: ReadonlySet<string>,
): readonly Change[] {
  const [was, is] = [boards(before), boards(after)];
  const titleOf = (board: Json | undefined) =>
    `The dashboard ${String(board?.["title"] ?? "without a title").replace(` (${after.environment})`, "")}`;
  const ofWholeService = (uid: string) => [...services].some((name) => uid.includes(`-service-${name}`));
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((uid) => {
    const [old, fresh] = [was.get(uid), is.get(uid)];
    if (ofWholeService(uid) && (old === undefined || fresh === undefined)) return [];
    if (fresh === undefined)
      return [{ kind: "dashboard-removed", about: titleOf(old), what: "is removed" } as const];
    if (old === undefined)
      return [
        {
          kind: "dashboard-added",
          about: titleOf(fresh),
          what: `is new, with ${panelsOf(fresh).size} panels`,
        } as const,
      ];
    return boardChanges(titleOf(fresh), old, fresh);
  });
}

function boards({ dashboards }: EnvironmentModel): ReadonlyMap<string, Json> {
  return new Map(
    Object.entries(dashboards).flatMap(([uid, board]) => (isMap(board) ? [[uid, board] as const] : [])),
  );
}

function boardChanges(about: string, before: Json, after: Json): readonly Change[] {
  const [was, is] = [panelsOf(before), panelsOf(after)];
  const changes: Change[] = [];
  const on = (dashboard: Json, found: Json | undefined) =>
    found === undefined ? undefined : { panel: found, dashboard };
  const sides = (title: string) => ({
    before: on(before, was.get(title)),
    after: on(after, is.get(title)),
  });
  for (const title of was.keys())
    if (!is.has(title))
      changes.push({
        kind: "panel-removed",
        about: panel(title, about),
        what: "is removed",
        panel: sides(title),
      });
  for (const title of is.keys())
    if (!was.has(title))
      changes.push({
        kind: "panel-added",
        about: panel(title, about),
        what: "is new",
        panel: sides(title),
      });
  const linked: Detail[] = [];
  for (const [title, old] of was) {
    const details = panelDetails(old, is.get(title));
    // A panel links to its alerts and their runbooks, which are compared themselves.
    if (details.length > 0 && details.every(({ label }) => OF_ALERTS.test(label))) {
      linked.push({ label: title });
      continue;
    }
    if (details.length > 0)
      changes.push({
        kind: "panel-changed",
        about: panel(title, about),
        what: inWords(details),
        details,
        panel: sides(title),
      });
  }
  if (linked.length > 0)
    changes.push({
      kind: "panel-links",
      about,
      what: "panels link to other alerts or runbooks",
      details: linked,
    });
  const rest = leafChanges(leavesOf(withoutPanels(before)), leavesOf(withoutPanels(after)));
  if (rest.length > 0)
    changes.push({
      kind: "dashboard-changed",
      about,
      what: inWords(rest.map(asDetail)),
      details: rest.map(asDetail),
    });
  return changes;
}

const OF_ALERTS = /^links\[(Alert|Runbook) /;

function panel(title: string, dashboard: string): string {
  return `The panel ${title} of ${dashboard.replace(/^The/, "the")}`;
}

function withoutPanels({ panels: _, version: __, id: ___, ...board }: Json): Json {
  return board;
}

/** Panels by title, those of rows among them; of several with one title, by their number. */
function panelsOf(board: Json): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  const add = (panels: unknown): void => {
    if (!Array.isArray(panels)) return;
    for (const each of panels as readonly unknown[]) {
      if (!isMap(each)) continue;
      const title = String(each["title"] ?? each["type"] ?? "without a title");
      let name = title;
      for (let number = 2; found.has(name); number++) name = `${title} (${number})`;
      found.set(name, each);
      add(each["panels"]);
    }
  };
  add(board["panels"]);
  return found;
}

function panelDetails(before: Json, after: Json | undefined): readonly Detail[] {
  if (after === undefined) return [];
  const [was, is] = [leavesOf(looks(before)), leavesOf(looks(after))];
  return leafChanges(was, is).flatMap((change) => {
    const { path, before: old, after: fresh } = change;
    if (!/\.expr$/.test(path) || old === undefined || fresh === undefined) return [asDetail(change)];
    return queryDetails(old, fresh);
  });
}

/** A panel without its place, its number and the panels of a row. */
function looks({ id: _, gridPos: __, panels: ___, ...panel }: Json): Json {
  return panel;
}

function asDetail({ path, before, after }: LeafChange): Detail {
  return { label: path.replace(/^fieldConfig\.defaults\./, ""), before, after };
}

function inWords(details: readonly Detail[]): string {
  const shown = details.slice(0, 3).map(({ label, before, after }) => {
    if (before === undefined) return `with ${label}`;
    if (after === undefined) return `without ${label}`;
    return before.length + after.length > 80 ? `another ${label}` : `${label} ${before} → ${after}`;
  });
  return [...new Set(shown), ...(details.length > 3 ? [`and ${details.length - 3} more`] : [])].join(", ");
}

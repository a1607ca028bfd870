import type { DashboardJson, PanelJson } from "../../components/grafana/json.ts";
import type { PictureSource } from "../pictures/data.ts";
import type { Drawings } from "../pictures/drawings.ts";
import type { Picture } from "../pictures/kinds.ts";
import { panelPicture } from "../pictures/picture.ts";
import { readRecording, recordedSource } from "../pictures/recorded.ts";
import type { GroupedChange, PanelOnBoard } from "./change.ts";
import { isMap } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";
import { queryDetails } from "./query-diff.ts";

/** A review draws so many panels at most. */
export const MOST_PANELS = 12;

/** A panel on one side: its picture, or why there is none, as a sentence. */
export type PanelSide = Picture | string;

/** A panel that changes, drawn. */
export interface DrawnPanel {
  /** As the change calls it. */
  readonly about: string;
  readonly environment: string;
  /** Undefined where the panel is new. */
  readonly before: PanelSide | undefined;
  /** Undefined where the panel is removed. */
  readonly after: PanelSide | undefined;
  /** What is to be known of its data, as a sentence without its full stop. */
  readonly note: string | undefined;
}

/** The pictures of one change. */
export interface ChangePictures {
  readonly drawn: readonly DrawnPanel[];
  /** Panels beyond {@link MOST_PANELS}. */
  readonly undrawn: readonly string[];
}

/** The pictures of a review. */
export interface ReviewPictures {
  /** Where their data comes from, as a sentence without its full stop. */
  readonly from: string;
  /** By the index of the change. */
  readonly ofChange: ReadonlyMap<number, ChangePictures>;
}

/** What of an environment is drawn from. */
type DrawnModel = Pick<EnvironmentModel, "environment" | "services" | "dashboards">;

/** Both sides of an environment. */
export interface DrawnSides {
  readonly before: DrawnModel;
  readonly after: DrawnModel;
}

/**
 * Whose queries the recorded data answers, where the two sides ask different ones: those of the base, or those of the change if it brings a
 * recording of its own. Neither: it is not known.
 */
export type Answered = "before" | "after" | "neither";

/** Draws the panels that change, from the recorded hour; undefined if none does. */
export async function picturesOf(
  changes: readonly GroupedChange[],
  sides: ReadonlyMap<string, DrawnSides>,
  answered: Answered,
  drawings: Drawings,
): Promise<ReviewPictures | undefined> {
  if (changes.every(({ panels }) => panels.length === 0)) return undefined;
  const recording = readRecording();
  const sources = new Map<DrawnModel, PictureSource>();
  const sourceOf = (model: DrawnModel) => {
    const known = sources.get(model);
    if (known !== undefined) return known;
    // Dashboards of a preview, which components/grafana rendered or read; what is of another shape is not drawn.
    const boards = Object.values(model.dashboards).filter(isMap) as unknown as readonly DashboardJson[];
    const environment = { name: model.environment, services: Object.keys(model.services) };
    const source = recordedSource(recording, environment, boards);
    sources.set(model, source);
    return source;
  };
  const ofChange = new Map<number, ChangePictures>();
  let [left, from] = [MOST_PANELS, ""];
  for (const [index, { panels }] of changes.entries()) {
    const drawn: DrawnPanel[] = [];
    for (const { about, environment, before, after } of panels.slice(0, left)) {
      const models = sides.get(environment);
      if (models === undefined) continue;
      const [was, is] = [sourceOf(models.before), sourceOf(models.after)];
      from = is.label;
      const isSame = before === undefined || after === undefined || asksTheSame(before, after);
      const draw = (on: PanelOnBoard | undefined, source: PictureSource, side: Answered) =>
        on && (isSame || side === answered ? sideOf(on, source, drawings) : OTHER_QUERY);
      drawn.push({
        about,
        environment,
        before: await draw(before, was, "before"),
        after: await draw(after, is, "after"),
        note: (after === undefined ? was : is).noteOn?.(boardOf(after ?? before)),
      });
    }
    left -= drawn.length;
    if (panels.length > 0)
      ofChange.set(index, { drawn, undrawn: panels.slice(drawn.length).map(({ about }) => about) });
  }
  return { from, ofChange };
}

const OTHER_QUERY = "The recorded data does not answer this query; npm run record makes it anew.";

function boardOf(on: PanelOnBoard | undefined): DashboardJson {
  return on?.dashboard as unknown as DashboardJson;
}

async function sideOf(on: PanelOnBoard, source: PictureSource, drawings: Drawings): Promise<PanelSide> {
  const picture = await panelPicture(on.panel as unknown as PanelJson, boardOf(on), source, drawings);
  switch (picture.kind) {
    case "unknown":
      return "No recorded data answers the query of this panel.";
    case "empty":
      return "The query of this panel returns nothing in the recorded hour.";
    case "undrawn":
      return "A review does not draw panels of this type.";
    default:
      return picture;
  }
}

/** Whether two panels have the same queries, whatever their layout. */
function asksTheSame(before: PanelOnBoard, after: PanelOnBoard): boolean {
  const [was, is] = [queriesOf(before), queriesOf(after)];
  return (
    was.length === is.length && was.every((query, index) => queryDetails(query, is[index] ?? "").length === 0)
  );
}

function queriesOf({ panel }: PanelOnBoard): readonly string[] {
  const targets = Array.isArray(panel["targets"]) ? (panel["targets"] as readonly unknown[]) : [];
  return targets.map((target) => (isMap(target) ? String(target["expr"]) : ""));
}

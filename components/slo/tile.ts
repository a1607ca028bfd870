import type { Duration } from "../core/duration.ts";
import { type InstantVector, lastOverTime, max, over, type Selector } from "../signals/promql.ts";
import { BRIDGE } from "./windows.ts";

/**
 * The newest record of a tile, at most half an hour old. Records have the label `team`: in the half hour after a change of the
 * owner there is a series of each owner, and their sum would count the tile twice.
 */
export function bridgedTile(selector: Selector, offset: Duration): InstantVector {
  return max(lastOverTime(over(selector, BRIDGE, offset)));
}

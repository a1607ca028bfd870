import { type Duration, seconds } from "../core/duration.ts";
import { type InstantVector, instant, lastOfTimes, max, or, type Selector } from "../signals/promql.ts";
import { BRIDGE } from "./windows.ts";

/** An instant selector finds a sample that is less than this old: the lookback of Prometheus. So no older record is missed. */
const LOOK: Duration = "5m";

/** The samples that {@link bridgedTile} reads: one at the exact time, and one for each look within the bridge. */
export const SAMPLES_OF_BRIDGED_TILE = 1 + seconds(BRIDGE) / seconds(LOOK);

/**
 * The newest record of a tile, at most half an hour old. Looks at every five minutes read a tenth of what a range would. Records have the
 * label `team`: in the half hour after a change of the owner there is a series of each owner, and their sum would count the tile twice.
 */
export function bridgedTile(selector: Selector, offset: Duration): InstantVector {
  return max(or(instant(selector, offset), lastOfTimes(selector, BRIDGE, LOOK, offset)));
}

import type { Duration } from "../../components/core/duration.ts";
import { type Capacity, capacityInWords, capacityOf, type DeployedResource } from "../estimate/capacity.ts";
import { type Estimate, estimateOf } from "../estimate/estimate.ts";
import { byUseInWords, lineInWords, pricesInWords, totalInWords } from "../estimate/words.ts";
import { at, type Wire, type WireMap } from "../recording/wire.ts";
import { recordedSeries } from "../report/costs.ts";
import { grouped as digits, dollars } from "../report/numbers.ts";
import type { Change, Detail } from "./change.ts";
import { isMap, type LeafChange, leafChanges } from "./leaves.ts";
import type { EnvironmentModel } from "./model.ts";

/** What the environment needs and what that costs, before and after. */
export function capacityChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const [was, is] = [deployedIn(before), deployedIn(after, before)];
  return [
    ...costChanges(estimated(was, before), estimated(is, after)),
    ...sizeChanges(was, is),
    ...ruleChanges(before, after),
  ];
}

/** The estimate of an environment that is new. */
export function newCost(after: EnvironmentModel): readonly Change[] {
  const estimate = estimated(deployedIn(after), after);
  if (estimate === undefined) return [];
  return [
    {
      kind: "cost-changed",
      about: ABOUT_COST,
      what: `${totalInWords(estimate)} a month`,
      details: [
        ...estimate.lines.map((line) => ({ label: line.label, after: lineInWords(line) })),
        ...noteDetails(undefined, estimate),
      ],
    },
  ];
}

const ABOUT_COST = "The estimated cost of AWS";

/** What is deployed after the deployment: what it leaves alone of resources that exist, such as the size of volumes, is as it was. */
function deployedIn({ resources }: EnvironmentModel, earlier?: EnvironmentModel): Capacity {
  const known = new Map(earlier?.resources.map((each) => [each.urn, each]));
  return capacityOf(
    resources.map((fresh): DeployedResource => {
      // Inputs are JSON, as graph.json holds them.
      const [inputs, old] = [fresh.inputs as WireMap, known.get(fresh.urn)?.inputs as WireMap | undefined];
      const ignored = old === undefined ? [] : (fresh.ignoreChanges ?? []);
      return {
        type: fresh.type,
        name: fresh.name,
        inputs: ignored.reduce((all, path) => withValueOf(old, all, path.split(".")), inputs),
      };
    }),
  );
}

/** A map with the value that another one has at a path, if it has one. */
function withValueOf(other: Wire | undefined, map: WireMap, [key = "", ...rest]: readonly string[]): WireMap {
  const [value, own] = [at(other, key), at(map, key)];
  if (value === undefined) return map;
  if (rest.length === 0) return { ...map, [key]: value };
  return isMap(own) ? { ...map, [key]: withValueOf(value, own, rest) } : map;
}

function estimated(
  capacity: Capacity,
  { objectives, scrapeInterval, settings }: EnvironmentModel,
): Estimate | undefined {
  const active = Number(settings["prometheus.activeSeries"]);
  return estimateOf(capacity, {
    scrapeInterval: scrapeInterval as Duration,
    recordedSeries: recordedSeries(objectives),
    activeSeries: Number.isNaN(active) ? undefined : active,
  });
}

function costChanges(was: Estimate | undefined, is: Estimate | undefined): readonly Change[] {
  if (was === undefined || is === undefined) return [];
  const lines = leafChanges(linesByLabel(was), linesByLabel(is));
  const most = sameRoom(was, is) ? [] : leafChanges(mostOf(was), mostOf(is));
  if (lines.length === 0 && most.length === 0) return [];
  return [
    {
      kind: "cost-changed",
      about: ABOUT_COST,
      what: totals(was, is),
      details: [...[...lines, ...most].map(asDetail), ...noteDetails(was, is)],
    },
  ];
}

function linesByLabel({ lines }: Estimate): ReadonlyMap<string, string> {
  return new Map(lines.map((line) => [line.label, lineInWords(line)]));
}

function totals(was: Estimate, is: Estimate): string {
  const texts = `${totalInWords(was)} → ${totalInWords(is)} a month`;
  const isWhole = [...was.lines, ...is.lines].every(({ monthly }) => monthly !== undefined);
  const more = is.monthly - was.monthly;
  if (!isWhole)
    return `${texts}; how much more or less is not known, because the price list has no price for a part`;
  if (Math.abs(more) < 0.005)
    return `${totalInWords(is)} a month, as before; up to ${dollars(was.mostMonthly)} → ${dollars(is.mostMonthly)} ${WITH_MOST}`;
  const shown = totalInWords(was) === totalInWords(is) ? `${totalInWords(is)} a month` : texts;
  return `${shown}, ${dollars(Math.abs(more))} ${more > 0 ? "more" : "less"}`;
}

const WITH_MOST = "with the most nodes of each group";

/** Whether node groups can grow by what costs the same. */
function sameRoom(was: Estimate, is: Estimate): boolean {
  const room = ({ monthly, mostMonthly }: Estimate) => mostMonthly - monthly;
  return Math.abs(room(was) - room(is)) < 0.005;
}

/** Node groups grow up to their most nodes. */
function mostOf({ mostMonthly }: Estimate): ReadonlyMap<string, string> {
  return new Map([[WITH_MOST, dollars(mostMonthly)]]);
}

/** What the estimate is made from and what is not in it; of what has no price, what is new. */
function noteDetails(was: Estimate | undefined, is: Estimate): readonly Detail[] {
  const unpriced = is.unpriced.filter((text) => was?.unpriced.includes(text) !== true);
  return [pricesInWords(is), ...unpriced, byUseInWords(is)].flatMap((label) =>
    label === undefined ? [] : [{ label }],
  );
}

/** More are in the details. */
const SAID = 3;

function sizeChanges(was: Capacity, is: Capacity): readonly Change[] {
  const changes = leafChanges(capacityInWords(was), capacityInWords(is));
  if (changes.length === 0) return [];
  return [
    {
      kind: "capacity",
      about: "The capacity",
      what: [
        ...changes.slice(0, SAID).map(inWords),
        ...(changes.length > SAID ? [`and ${changes.length - SAID} more`] : []),
      ].join("; "),
      details: changes.map(asDetail),
    },
  ];
}

function inWords({ path, before, after }: LeafChange): string {
  if (before === undefined) return `${path} new: ${after}`;
  return after === undefined ? `${path} removed (${before})` : `${path} ${before} → ${after}`;
}

function asDetail({ path, before, after }: LeafChange): Detail {
  return { label: path, before, after };
}

/** Series, rules and samples that the objectives cost. */
function ruleChanges(before: EnvironmentModel, after: EnvironmentModel): readonly Change[] {
  const [was, is] = [costOf(before), costOf(after)];
  const details = (["series", "recording rules and alerts", "samples read by each evaluation"] as const)
    .map((label) => ({ label, before: digits(was[label]), after: digits(is[label]) }))
    .filter((detail) => detail.before !== detail.after);
  if (details.length === 0) return [];
  const words = details
    .map(({ label, before: old, after: fresh }) => `${label} ${old} → ${fresh}`)
    .join(", ");
  return [{ kind: "capacity", about: "The rules of all objectives", what: words, details }];
}

function costOf({ objectives }: EnvironmentModel) {
  const sum = (of: (cost: EnvironmentModel["objectives"][number]["cost"]) => number) =>
    objectives.reduce((total, { cost }) => total + of(cost), 0);
  return {
    series: sum(({ records }) => records),
    "recording rules and alerts": sum(({ records, alerts }) => records + alerts),
    "samples read by each evaluation": sum(({ samplesOfRecords }) => samplesOfRecords),
  };
}

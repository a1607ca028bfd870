import type { PanelJson, TargetJson } from "../../components/grafana/json.ts";

/** One series as a panel draws it. */
export interface Series {
  /** As the legend says it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Which of the panel's queries it answers, from 0 on. */
  readonly query: number;
  /** Values at even steps over the time that is shown; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What a panel shows: series of its queries, or none where the query returns nothing. */
export interface PanelData {
  readonly series: readonly Series[];
}

/** Where the data of pictures comes from. */
export interface PictureSource {
  /** What is written beside each picture. */
  readonly label: string;
  /** The data of a panel of a dashboard that shows `hours` back. */
  readonly read: (panel: PanelJson, hours: number) => PanelData | Promise<PanelData>;
}

/** Moments that a picture draws. */
export const POINTS = 48;

/** Lines that a picture draws: more cannot be told apart in a third of a page. */
export const MOST_LINES = 6;

/** A legend with the labels filled in. */
export function legendOf(
  { legendFormat = "" }: TargetJson,
  labels: Readonly<Record<string, string>>,
): string {
  const text = legendFormat
    .replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "")
    .trim();
  return text === "" ? "value" : text.replaceAll(/\s+/g, " ");
}

/** Hours of a time range such as `now-6h`. */
export function hoursOf(from: string | undefined): number {
  const [, amount = "6", unit = "h"] = /^now-(\d+)([hd])$/.exec(from ?? "") ?? [];
  return Number(amount) * (unit === "d" ? 24 : 1);
}

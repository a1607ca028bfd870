import type { DashboardJson, PanelJson, TargetJson } from "../../components/grafana/json.ts";

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

/** The time that a picture shows: up to now, or that of an hour that was recorded. */
export type PictureTime =
  | { readonly kind: "until-now"; readonly hours: number }
  | {
      readonly kind: "recorded";
      readonly minutes: number;
      /** From which minute to which the incident lasts. */
      readonly incident: { readonly from: number; readonly to: number };
    };

/** What a panel shows: series of its queries, or none where the query returns nothing. */
export interface PanelData {
  readonly series: readonly Series[];
  readonly time: PictureTime;
}

/** Where the data of pictures comes from. */
export interface PictureSource {
  /** What is written beside the pictures, as a sentence without its full stop. */
  readonly label: string;
  /** What is written beside the pictures of one dashboard where there is more to say of it. */
  readonly noteOn?: (dashboard: DashboardJson) => string | undefined;
  /** The data of a panel of a dashboard; undefined where the source knows nothing of the panel. */
  readonly read: (
    panel: PanelJson,
    dashboard: DashboardJson,
  ) => PanelData | undefined | Promise<PanelData | undefined>;
}

/** Moments that a picture draws of the time until now. */
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

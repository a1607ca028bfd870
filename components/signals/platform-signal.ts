import type { DashboardKey, PanelRef } from "./panels.ts";

/**
 * What Grafana draws for a range: the placeholder that it replaces by a range of at least four scrape intervals. It is for
 * drawing only. An alert is no drawing: it names a range of its own.
 */
export const DRAWN_RANGE = "$__rate_interval";

/** What a signal counts, in Grafana's words for units. `percentunit` is a share from 0 to 1. */
export type SignalUnit =
  | "percentunit"
  | "short"
  | "bool_yes_no"
  | "bytes"
  | "Bps"
  | "pps"
  | "s"
  | "reqps"
  | "cps"
  | "ops"
  | "dtdurations";

/** One thing that is measured of the platform, and how it is drawn. */
export interface PlatformSignal {
  /** Kebab-case and stable: the key of its panel. */
  readonly id: string;
  readonly dashboard: DashboardKey;
  /** The heading on the dashboard that it stands under. */
  readonly row: string;
  readonly title: string;
  readonly unit: SignalUnit;
  /** What it says and which value is bad, for the panel's description. */
  readonly description: string;
  /** A legend in Grafana's form, such as `{{node}}`. */
  readonly legend: string;
  /** The measured vector, as alerts compare it; `range` stands wherever the query looks back. */
  readonly query: (range: string) => string;
  /** The query as it is drawn, with {@link DRAWN_RANGE} for its range. */
  readonly expr: string;
  /** Where the alert's default limit lies on the drawn scale, if it makes sense to draw it. */
  readonly threshold?: number;
  /** On which side of it trouble is, where no alert compares it. Default: above. */
  readonly bad?: "below";
}

/** What is written down of a signal; `drawn` differs from `query` where a panel shows less detail than an alert. */
export interface SignalDefinition extends Omit<PlatformSignal, "expr" | "dashboard"> {
  readonly drawn?: (measured: string) => string;
}

/** The signals of one dashboard, by name, in the order in which they are drawn. */
export function signalsOf<const Name extends string>(
  dashboard: DashboardKey,
  definitions: Readonly<Record<Name, SignalDefinition>>,
): Readonly<Record<Name, PlatformSignal>> {
  return Object.fromEntries(
    Object.entries<SignalDefinition>(definitions).map(([name, { drawn, ...definition }]) => {
      const measured = definition.query(DRAWN_RANGE);
      return [name, { ...definition, dashboard, expr: drawn ? drawn(measured) : measured }];
    }),
  ) as Record<Name, PlatformSignal>;
}

/** Where a signal is drawn. */
export function panelOf({ dashboard, id }: PlatformSignal): PanelRef {
  return { dashboard, panel: id };
}

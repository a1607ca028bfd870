import type { DashboardKey, PanelRef } from "./panels.ts";

/**
 * The range in queries of panels: Grafana replaces it by at least four scrape intervals. Alerts use their own ranges.
 */
export const DRAWN_RANGE = "$__rate_interval";

/** The unit of a signal, in Grafana's names. `percentunit` is a share from 0 to 1. */
type SignalUnit =
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

/** One measured quantity of the platform, and its panel. */
export interface PlatformSignal {
  /** Kebab-case and stable: the key of its panel. */
  readonly id: string;
  readonly dashboard: DashboardKey;
  /** The row of the dashboard. */
  readonly row: string;
  readonly title: string;
  readonly unit: SignalUnit;
  /** What is measured and which value is bad, for the panel's description. */
  readonly description: string;
  /** A legend in Grafana's form, such as `{{node}}`. */
  readonly legend: string;
  /** The query, as alerts use it, with the given range. */
  readonly query: (range: string) => string;
  /** The query of the panel, with the range {@link DRAWN_RANGE}. */
  readonly expr: string;
  /** The default threshold of the alert, if it is on the scale of the panel. */
  readonly threshold?: number;
  /** Which side of it is bad, if no alert uses it. Default: above. */
  readonly bad?: "below";
}

/** The definition of a signal; `drawn` changes the query for a panel with less detail than the alert. */
export interface SignalDefinition extends Omit<PlatformSignal, "expr" | "dashboard"> {
  readonly drawn?: (measured: string) => string;
}

/** The signals of one dashboard, by name, in the order of their panels. */
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

/** The panel of a signal. */
export function panelOf({ dashboard, id }: PlatformSignal): PanelRef {
  return { dashboard, panel: id };
}

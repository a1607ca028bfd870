import type { VizTooltipOptions } from "@grafana/grafana-foundation-sdk/common";
import type * as sdk from "@grafana/grafana-foundation-sdk/dashboard";
import type * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import type * as table from "@grafana/grafana-foundation-sdk/table";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

// Grafana's dashboard JSON in the types of its SDK. Only the types are used and not the builders, which set neither panel ids nor
// refIds, give every row the id 0, let panels overflow the grid, and add 0.2 s to every preview.

/** A type of the SDK as plain JSON: enums as strings, no methods, readonly. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Plain<Item>[]
      : { readonly [Key in keyof T as Key extends `_${string}` ? never : Key]: Plain<T[Key]> };

/** The newest classic schema, and the default of the SDK. The v2 schemas crash the provider's classic dashboard resource. */
export const SCHEMA_VERSION = 42;

export type TargetJson = Plain<prometheus.Dataquery>;
export type LinkJson = Plain<sdk.DashboardLink>;
export type VariableJson = Plain<sdk.VariableModel>;
export type AnnotationJson = Plain<sdk.AnnotationQuery>;
export type ThresholdsJson = Plain<sdk.ThresholdsConfig>;
export type FieldOverrideJson = Plain<sdk.FieldConfigSource["overrides"][number]>;
type FieldJson = Plain<Omit<sdk.FieldConfig, "custom">>;
export type TooltipJson = Plain<VizTooltipOptions>;

/** The kinds of panels that are used, with the types of their options and fields, which the SDK leaves untyped. */
interface Visualisations {
  readonly timeseries: { readonly options: timeseries.Options; readonly custom: timeseries.FieldConfig };
  readonly stat: { readonly options: stat.Options; readonly custom: Record<string, never> };
  readonly "state-timeline": {
    readonly options: statetimeline.Options;
    readonly custom: statetimeline.FieldConfig;
  };
  readonly table: { readonly options: table.Options; readonly custom: Partial<table.FieldConfig> };
}

type VisualisationKind = keyof Visualisations;

/** The part of a panel that differs between the kinds. */
export type VisualisationJson = {
  readonly [Kind in VisualisationKind]: {
    readonly type: Kind;
    readonly options: Plain<Visualisations[Kind]["options"]>;
    readonly fieldConfig: {
      readonly defaults: FieldJson & { readonly custom?: Plain<Visualisations[Kind]["custom"]> };
      readonly overrides: Plain<sdk.FieldConfigSource["overrides"]>;
    };
    readonly transformations?: Plain<sdk.DataTransformerConfig>[];
  };
}[VisualisationKind];

export type PanelJson = Omit<
  Plain<sdk.Panel>,
  "type" | "options" | "fieldConfig" | "targets" | "transformations"
> &
  VisualisationJson & { readonly id: number; readonly targets: readonly TargetJson[] };

type RowJson = Plain<sdk.RowPanel>;

export type DashboardJson = Omit<Plain<sdk.Dashboard>, "panels" | "annotations"> & {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly (PanelJson | RowJson)[];
  readonly annotations: { readonly list: readonly AnnotationJson[] };
};

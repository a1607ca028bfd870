/** A number and how good it is. */
export interface Figure {
  readonly text: string;
  readonly mood: "good" | "bad" | "plain";
}

/** What a panel looks like. */
export type Picture =
  | {
      readonly kind: "chart";
      readonly image: string;
      readonly legend: readonly string[];
      readonly more: number;
    }
  | { readonly kind: "numbers"; readonly figures: readonly (Figure & { readonly name: string })[] }
  | {
      readonly kind: "states";
      readonly rows: readonly { readonly name: string; readonly states: readonly boolean[] }[];
    }
  | {
      readonly kind: "table";
      readonly headings: readonly string[];
      readonly rows: readonly (readonly Figure[])[];
    }
  /** The query returns nothing. */
  | { readonly kind: "empty" }
  /** The source of the data knows nothing of the panel. */
  | { readonly kind: "unknown" }
  /** A panel that somebody else's program made, of a kind that is not drawn here. */
  | { readonly kind: "undrawn" };

/** An objective whose error budget is spent. */
export interface SpentBudget {
  /** The service, as the label of the series names it. */
  readonly service: string;
  /** The objective; undefined where the series has no label `slo`. */
  readonly objective: string | undefined;
  /** The share of the budget that is spent: 1 is all of it. */
  readonly share: number;
}

/** What a Prometheus says of the error budgets when it is asked. */
export type ErrorBudgets =
  | { readonly state: "not asked" }
  /** `why` continues "is not known:". */
  | { readonly state: "unreachable"; readonly why: string }
  | {
      readonly state: "known";
      readonly spent: readonly SpentBudget[];
      /** The images that run, as `<namespace>/<image>` each. Undefined: nothing says which. */
      readonly running: ReadonlySet<string> | undefined;
    };

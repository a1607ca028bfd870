/** A container as kube-state-metrics tells of it. */
export interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly node: string;
  /** Cores and bytes; undefined where the container says none. */
  readonly request: number | undefined;
  readonly limit: number | undefined;
  /** Whether it exists, and whether it runs, at each scrape that the control plane lived through. */
  readonly exists: readonly boolean[];
  readonly runs: readonly boolean[];
}

import type { Duration } from "../../core/duration.ts";
import type { PromtoolAlertTest, PromtoolCase } from "../../core/promtool.ts";
import type { GrafanaAddress } from "../../signals/panels.ts";
import type { ExampleSeries } from "../../signals/ratio.ts";

/** What the cases need to know of where the SLO is watched. */
export interface CaseContext {
  readonly scrapeInterval: Duration;
  readonly runbookBaseUrl: string;
  /** Where the service's dashboard is, if alerts link there. */
  readonly grafana?: GrafanaAddress | undefined;
  /** What a good and a bad event are counted by. Where nobody says it, only the alert for missing series is proven. */
  readonly examples: ExampleSeries | undefined;
}

/** A case of an SLO: it always says which alerts fire. */
export interface SloTestCase extends PromtoolCase {
  readonly alert_rule_test: readonly PromtoolAlertTest[];
}

/** The cases of one SLO that are evaluated once in so long: promtool has one interval for each file. */
export interface SloTests {
  readonly evaluated: Duration;
  readonly cases: readonly SloTestCase[];
}

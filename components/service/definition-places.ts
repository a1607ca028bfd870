import type { Service } from "./definition.ts";
import type { Preset } from "./environments.ts";
import type { Objectives } from "./objectives.ts";

/** A place of a definition that says what is measured and promised: for everywhere, or for an environment. */
export interface Place {
  readonly path: string;
  /** The service as it is there. */
  readonly service: Service;
  /** The sources of metrics that are said there. */
  readonly presets: readonly Preset[];
  /** Whether it is said there how the service is scraped. */
  readonly saysScrape: boolean;
  /** The objectives that those sources must measure. */
  readonly promised: Objectives;
}

import type { Connection } from "../../verify/connection.ts";
import type { EnvironmentModel } from "../model.ts";
import type { Incident } from "./incidents.ts";
import type { LocalPrometheus } from "./local.ts";
import type { Night } from "./night.ts";

/** What a replay is made of. */
export interface ReplayRequest {
  readonly base: EnvironmentModel;
  readonly head: EnvironmentModel;
  /** In Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly night: Night & { readonly text: string };
  readonly incidents: readonly Incident[];
  /** Where the history is. */
  readonly history: Connection;
  /** Which place that is, in words. */
  readonly place: string;
  /** The Prometheus that holds what must be computed: the one that has the history, or one that is started if it is needed. */
  readonly local: LocalPrometheus | { readonly program: string | undefined };
}

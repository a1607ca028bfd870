import { alerting } from "./alerting.ts";
import { cluster } from "./cluster.ts";
import type { FixtureStack } from "./fixture.ts";
import { grafana } from "./grafana.ts";
import { workloads } from "./workloads.ts";

/** A stack that every policy passes, at every tier: a fresh copy, for a test to break. */
export function compliantStack(): FixtureStack {
  return { ...workloads(), ...alerting(), ...grafana(), ...cluster() };
}

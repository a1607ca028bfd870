import type { DashboardRef, PanelRef } from "../signals/panels.ts";
import type { Slo } from "./model.ts";

/** What is drawn of an objective, on the dashboard of its service: alerts link there. */
export type SloPanelKind = "traffic" | "errors" | "burn" | "budget";

/** The panel that shows one side of an objective. */
export function sloPanel(
  { service, name }: Pick<Slo, "service" | "name">,
  kind: SloPanelKind,
): PanelRef<DashboardRef> {
  return { dashboard: { service }, panel: `${name}-${kind}` };
}

import type { RecordedAlert } from "../../cli/artefacts/alerting.ts";

/** An alert as a preview records it, with these labels. */
export function recordedAlert(name: string, labels: Readonly<Record<string, string>>): RecordedAlert {
  return {
    rule: "sample",
    name,
    expr: "up == 0",
    for: "5m",
    keepFiringFor: undefined,
    labels,
    annotations: {},
  };
}

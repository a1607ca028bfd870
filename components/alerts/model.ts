import { z } from "zod";
import { choice, decimal, durationBetween, httpsUrl, named, text, toggle } from "../core/schema.ts";

const alertName = () =>
  text(/^[A-Z][A-Za-z0-9]{2,79}$/, "the name of an alert in PascalCase, such as KubeNodeNotReady");

/** What an environment may change of one alert of the catalogue. Left out, the catalogue's default holds. */
const alertOverride = z.strictObject({
  enabled: toggle().optional().meta({ description: "Whether the alert exists at all." }),
  threshold: decimal(0, 1e12, "the unit is the alert's")
    .optional()
    .meta({ description: "The limit that is compared against." }),
  for: durationBetween("0s", "2d").optional().meta({ description: "How long the condition must hold." }),
  severity: choice(["critical", "warning", "info"])
    .optional()
    .meta({ description: "How loud the alert is." }),
});

export const alertsSettings = z.strictObject({
  runbookBaseUrl: httpsUrl().meta({
    description: "Where docs/runbooks is served; the page of an alert is <base>/<Alert>.md.",
  }),
  overrides: named(alertName(), alertOverride).meta({ description: "Changes to the catalogue, by alert." }),
});

export type AlertsSettings = z.output<typeof alertsSettings>;
export type AlertOverride = z.output<typeof alertOverride>;

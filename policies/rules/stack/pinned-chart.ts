import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { judge } from "../violation.ts";

/** One version. Helm takes everything else as a range: 1.2 is each version that begins so. */
const VERSION = /^=?\s*v?\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

export const pinnedChart: ResourcePolicy = {
  id: "pinned-chart",
  area: "stack",
  pack: "reliability",
  standards: ["NIST CM-2", "NIST CM-3"],
  scope: "resource",
  title: "Every Helm chart has a version.",
  why: "Without one the next deployment installs whatever is newest, with changes that were not reviewed.",
  fix: "set version to the version of the chart",
  severity: "high",
  levels: ALWAYS,
  types: ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"],
  check: ({ properties }) =>
    judge(() => {
      const chart = properties.at("chart");
      // A component tells its inputs to nobody.
      if (!chart.exists) return undefined;
      const version = properties.at("version");
      // What is pinned is so wherever the chart comes from.
      if (version.known && VERSION.test(version.text() ?? "")) return undefined;
      // A chart in a folder or a file is the version that stands there.
      if (/^[./]|\.tgz$/.test(chart.text() ?? "")) return undefined;
      if (!version.exists) return "the chart has no version";
      return version.text() === undefined ? undefined : "the version of the chart is a range";
    }),
};

import { WATCHDOG } from "../../components/alertmanager/routing.ts";
import { CATALOGUE } from "../../components/alerts/catalogue/index.ts";
import { matchesWhole } from "../../components/promql/matching.ts";
import { NO_AVAILABLE_PODS } from "../../components/service/names.ts";
import { ALERTS } from "../../components/slo/conventions.ts";
import { isAbout, type SilenceMatcher } from "../alertmanager/silences.ts";

/** Labels that whole groups of alerts share: a condition on them alone hides all of a team, or all that pages. */
const SHARED: ReadonlySet<string> = new Set([
  "environment",
  "cluster",
  "severity",
  "team",
  "prometheus",
  "prometheus_replica",
  "alertstate",
]);

/** The names of the alerts that page. */
const PAGES: readonly string[] = [
  ...CATALOGUE.filter(({ severity }) => severity === "critical").map(({ name }) => name),
  ALERTS.fastBurn,
  NO_AVAILABLE_PODS,
];

/** Values of labels that have nothing in common: a pattern that matches all of them matches anything. */
const VARIOUS = [
  "a",
  "shop",
  "kube-system",
  "storefront-6f7d-x2x9z",
  "10.0.12.7:9100",
  "/var/lib",
  "X_9",
  "ü",
];

/** Why a silence hides too much, as a phrase; undefined: it does not. */
export function tooBroad(matchers: readonly SilenceMatcher[]): string | undefined {
  if (isAbout({ matchers }, { alertname: WATCHDOG, severity: "none" }))
    return `matchers that hide ${WATCHDOG}, which shows that alerts arrive at all`;
  if (!matchers.some(isNarrow)) return "matchers that hide alerts of every kind";
  return undefined;
}

/** Whether a condition by itself leaves most alerts alone. */
function isNarrow({ name, value, isRegex, isEqual = true }: SilenceMatcher): boolean {
  if (!isEqual || SHARED.has(name)) return false;
  if (!isRegex) return value !== "";
  const matches = (text: string) => matchesWhole(value, text) !== false;
  // A label that is missing is an empty one.
  if (matches("")) return false;
  if (name === "alertname") return 2 * PAGES.filter(matches).length < PAGES.length;
  return !VARIOUS.every(matches);
}

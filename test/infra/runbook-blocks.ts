import { filled } from "../../cli/runbook/fill.ts";
import { CATALOGUE } from "../../components/alerts/catalogue/index.ts";
import { GRAFANA_ALERTS } from "../../components/grafana/alerting/catalogue/index.ts";
import { ALERTS } from "../../components/slo/conventions.ts";
import { read } from "../support/repository.ts";

/** Alerts that page: of the catalogue, of Grafana, and those that every service has. */
export const PAGING: readonly string[] = [
  ...[...CATALOGUE, ...GRAFANA_ALERTS]
    .filter(({ severity }) => severity === "critical")
    .map(({ name }) => name),
  ALERTS.fastBurn,
  "ServiceHasNoAvailablePods",
];

/** The blocks of a language on the page of an alert, with its labels in them as `bellwether runbook` has them. */
export function blocksOf(
  alert: string,
  language: "promql" | "sh",
  labels: Readonly<Record<string, string>>,
): { readonly blocks: readonly string[]; readonly missing: readonly string[] } {
  const { text, missing } = filled(read(`docs/runbooks/${alert}.md`), labels);
  const found = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"));
  return { blocks: [...found].map(([, code = ""]) => code.trim()), missing };
}

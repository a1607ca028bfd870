import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const ALERT = "SLOErrorBudgetBurnFast";
const README = new URL("../../README.md", import.meta.url);

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly {
        readonly exp_labels: Readonly<Record<string, string>>;
        readonly exp_annotations: Readonly<Record<string, string>>;
      }[];
    }[];
  }[];
}

/** The README with the alert as prod's on-call engineer reads it: of the first promtool case in which it fires, which promtool has checked. */
export function readmeAlert(previews: string): Readonly<Record<string, string>> {
  const file = join(previews, "prod/prometheus/tests/service-storefront.availability.yaml");
  const { tests } = parse(readFileSync(file, "utf8")) as TestFile;
  const [firing] = tests
    .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
    .flatMap(({ alertname, exp_alerts = [] }) => (alertname === ALERT ? exp_alerts : []));
  if (firing === undefined) throw new Error(`${file} has no case in which ${ALERT} fires`);
  const { severity, service, slo, team } = firing.exp_labels;
  const lines = [
    `${ALERT} ${severity} service=${service} slo=${slo} team=${team}`,
    ...Object.entries(firing.exp_annotations).flatMap(([name, text]) =>
      wrapped(text).map((line, index) => `${(index === 0 ? name : "").padEnd(13)} ${line}`),
    ),
  ];
  const text = readFileSync(README, "utf8");
  return {
    "README.md": text.replace(/^```text\n.*?^```$/ms, () => `\`\`\`text\n${lines.join("\n")}\n\`\`\``),
  };
}

/** A text in lines that fit into the width of a page; a longer word, such as a URL, has a line of its own. */
function wrapped(text: string, width = 90): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

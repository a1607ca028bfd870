import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { RecordedAlert } from "../../../cli/artefacts/alerting.ts";
import { ProvenAlerts } from "../../../cli/artefacts/proven.ts";
import { Examples, type SentAlert } from "../../../cli/messages/examples.ts";
import type { PromtoolTestFile } from "../../../components/alerts/model.ts";
import { files, folder, manifests, rules } from "../../infra/previews.ts";

// What prod's preview has of messages.

type Texts = Readonly<Record<string, string>>;

export const configuration = (): string =>
  readFileSync(folder("prod", "alertmanager/alertmanager.yaml"), "utf8");

export function templates(): string {
  const { data } = manifests("prod")["configmap-monitoring-alertmanager-templates.yaml"] as { data: Texts };
  return data["bellwether.tmpl"] ?? "";
}

export function externalLabels(): Texts {
  const { spec } = manifests("prod")["prometheus-monitoring-prometheus.yaml"] as {
    spec: { externalLabels: Texts };
  };
  return spec.externalLabels;
}

function alerts(): readonly RecordedAlert[] {
  return Object.entries(rules("prod")).flatMap(([file, list]) =>
    list.flatMap((rule) =>
      rule.alert !== undefined
        ? [
            {
              rule: file.replace(/\.yaml$/, ""),
              name: rule.alert,
              expr: rule.expr,
              for: rule.for ?? "0s",
              keepFiringFor: undefined,
              labels: rule.labels ?? {},
              annotations: rule.annotations ?? {},
            },
          ]
        : [],
    ),
  );
}

export function proven(): ProvenAlerts {
  const found = new ProvenAlerts();
  for (const [file, text] of Object.entries(files("prod", "prometheus/tests")))
    found.add(file, parse(text) as PromtoolTestFile);
  return found;
}

/** Every alert, as it fires in its first case. */
export function sentAlerts(): readonly {
  readonly alert: RecordedAlert;
  readonly sent: SentAlert | undefined;
}[] {
  const examples = new Examples(proven(), externalLabels());
  return alerts().map((alert) => ({ alert, sent: examples.of(alert) }));
}

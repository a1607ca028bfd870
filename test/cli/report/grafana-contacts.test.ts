import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grafanaContacts } from "../../../cli/artefacts/grafana-contacts.ts";
import type { RecordedResource } from "../../../cli/recording/monitor.ts";
import { folder } from "../../infra/previews.ts";

describe("the receivers of Grafana's alerts", () => {
  it.each([
    // By provisioning files and a notification policy.
    ["local", "`Bellwether critical (local)` (webhook, from Grafana)", undefined],
    [
      "staging",
      "`Bellwether critical (staging)` (Slack #<!-- -->platform-staging, from Grafana)",
      "`Bellwether warning (staging)`",
    ],
    // By Grafana's API, with a contact point in each rule.
    [
      "prod",
      "`Bellwether critical (prod)` (PagerDuty, from Grafana)",
      "`Bellwether warning (prod)` (Slack #<!-- -->platform-alerts, from Grafana)",
    ],
  ] as const)("are contact points with their type in %s", (environment, critical, warning) => {
    const report = readFileSync(folder(environment, "report.md"), "utf8");
    expect(report).toMatch(row("critical", critical));
    if (warning !== undefined) expect(report).toMatch(row("warning", warning));
  });

  it("are those of the notification policy of Grafana's API, by severity", () => {
    const { kinds, byPolicy } = grafanaContacts(
      [
        resource("grafana:alerting/contactPoint:ContactPoint", { name: "pager", pagerduties: [{}] }),
        resource("grafana:alerting/contactPoint:ContactPoint", {
          name: "chat",
          slacks: [{ recipient: "#ops" }],
        }),
        resource("grafana:alerting/notificationPolicy:NotificationPolicy", {
          contactPoint: "chat",
          policies: [
            { contactPoint: "pager", matchers: [{ label: "severity", match: "=", value: "critical" }] },
          ],
        }),
      ],
      [],
    );
    expect([kinds.get("pager"), kinds.get("chat")]).toEqual(["PagerDuty", "Slack #ops"]);
    expect([byPolicy("critical"), byPolicy("warning")]).toEqual(["pager", "chat"]);
  });

  it("have the same settings by Grafana's API and by the files of a Grafana on the cluster", () => {
    const pager = { severity: "critical", summary: "{{ range $i, $a := .Alerts }}{{ end }}" };
    const details = { firing: "$1 of {{ $x }}" };
    const twice = (texts: Readonly<Record<string, string>>) =>
      JSON.parse(JSON.stringify(texts).replaceAll("$", () => "$$")) as Record<string, string>;
    const name = "pager";
    const receivers = [{ type: "pagerduty", settings: { ...twice(pager), details: twice(details) } }];
    const file = JSON.stringify({ contactPoints: [{ name, receivers }] });
    const byFile = grafanaContacts(
      [],
      [{ kind: "ConfigMap", object: { data: { "alerting-contact-points.json": file } } } as never],
    );
    const byApi = grafanaContacts(
      [
        resource("grafana:alerting/contactPoint:ContactPoint", {
          name,
          pagerduties: [{ ...pager, details }],
        }),
      ],
      [],
    );
    const expected = [{ type: "pagerduty", settings: pager, details }];
    expect([byApi.integrations.get(name), byFile.integrations.get(name)]).toEqual([expected, expected]);
  });

  it("are unknown without a policy and without a contact point in the rule", () => {
    expect(grafanaContacts([], []).byPolicy("critical")).toBeUndefined();
  });
});

function row(severity: string, receiver: string): RegExp {
  return new RegExp(`^\\| ${severity} \\| platform \\| \\d+ \\| ${escaped(receiver)}`, "m");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function resource(type: string, inputs: RecordedResource["inputs"]): RecordedResource {
  return { type, name: "sample", inputs } as RecordedResource;
}

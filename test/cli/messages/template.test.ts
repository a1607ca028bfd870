import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NotifiedAlert, type NotifiedGroup, templateData } from "../../../cli/messages/data.ts";
import { execute } from "../../../cli/messages/execution.ts";
import { parseDefinitions, parseTemplate } from "../../../cli/messages/syntax.ts";
import { UnknownConstruct } from "../../../cli/messages/tokens.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { renderAlerting } from "../../../components/grafana/alerting/render.ts";
import { ALERTING } from "../../components/grafana/alerting/samples.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { sentAlerts, templates } from "./prod.ts";

// The report draws messages without Alertmanager. amtool, which is built from Alertmanager's source, renders the same data here.

let amtool: string;
let folder: string;
beforeAll(async () => {
  amtool = await tool("amtool");
  folder = await mkdtemp(join(tmpdir(), "bellwether-templates-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const DATE = new Date("2026-03-01T04:05:06Z");
const SEPARATOR = "\n=====\n";

/** Every template for text that the receivers use. */
const ALL = [
  "title",
  "slack.title",
  "slack.text",
  "slack.color",
  "text",
  "pagerduty.text",
  "pagerduty.severity",
  "runbook",
  "dashboard",
]
  .map((name) => `{{ template "bellwether.${name}" . }}`)
  .join(SEPARATOR);

function common(maps: readonly Readonly<Record<string, string>>[]): object {
  const [first = {}, ...rest] = maps;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((map) => map[key] === value)),
  );
}

async function byAmtool(text: string, file: string, group: NotifiedGroup): Promise<string> {
  const data = {
    receiver: "r",
    status: group.alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    externalURL: group.externalUrl,
    groupLabels: group.groupLabels,
    commonLabels: common(group.alerts.map(({ labels }) => labels)),
    commonAnnotations: common(group.alerts.map(({ annotations }) => annotations)),
    alerts: group.alerts.map((alert) => ({ ...alert, startsAt: alert.startsAt.toISOString() })),
  };
  await writeFile(join(folder, "all.tmpl"), file);
  await writeFile(join(folder, "data.json"), JSON.stringify(data));
  const { code, stdout, stderr } = await run(amtool, [
    "template",
    "render",
    `--template.glob=${join(folder, "all.tmpl")}`,
    `--template.text=${text}`,
    `--template.data=${join(folder, "data.json")}`,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

const byUs = (text: string, file: string, group: NotifiedGroup) =>
  execute(parseTemplate(text), templateData(group), parseDefinitions(file));

const groupOf = (...alerts: readonly NotifiedAlert[]): NotifiedGroup => ({
  alerts,
  groupLabels: { alertname: 'A "b"', namespace: "x & y +z!*'()~" },
  externalUrl: "https://alertmanager.example.com/a?b",
});

const alert = (index: number, changes: Partial<NotifiedAlert> = {}): NotifiedAlert => ({
  status: "firing",
  labels: { alertname: "A", severity: "critical", service: "s", pod: `p-${index}` },
  annotations: { summary: `Pod p-${index}`, description: "d", runbook_url: "https://example.com/A.md" },
  startsAt: DATE,
  ...changes,
});

const HOSTILE = {
  summary: "  <!channel> & `*` {{ .X }}\t\r\n$1 $2 \\d é 𝄞 \u2028 end ",
  description: `${"𝄞é".repeat(300)} <nil>`,
  runbook_url: "https://example.com/|<>&a b",
  dashboard_url: `https://example.com/${"x".repeat(495)}`,
};

describe("the messages of the report", () => {
  it("are what amtool renders, for every alert of prod as its first case has it", async () => {
    const sent = sentAlerts();
    expect(sent.length).toBeGreaterThan(100);
    expect(sent.filter((one) => one.sent === undefined).map(({ alert: { name } }) => name)).toEqual([]);
    const different: string[] = [];
    const file = templates();
    for (const {
      alert: { name },
      sent: example,
    } of sent) {
      if (example === undefined) continue;
      const group = groupOf({ ...example, status: "firing", startsAt: DATE });
      const theirs = await byAmtool(ALL, file, group);
      // No text of ours is so long that it is cut.
      expect(theirs).toContain(`${example.annotations["summary"]}\n${example.annotations["description"]}\n`);
      expect(theirs).not.toContain("…");
      if (byUs(ALL, file, group) !== theirs) different.push(name);
    }
    expect(different).toEqual([]);
  }, 300_000);

  const many = Array.from({ length: 13 }, (_, index) =>
    alert(index, index % 3 === 1 ? { status: "resolved" } : {}),
  );
  it.each<[string, readonly NotifiedAlert[]]>([
    ["one that is over", [alert(1, { status: "resolved" })]],
    ["more than are shown, some of them over", many],
    ["as many as are shown", many.slice(0, 10)],
    ["texts that are syntax for a receiver, or longer than allowed", [alert(1, { annotations: HOSTILE })]],
    ["different links", [alert(1), alert(2, { annotations: { summary: "s", runbook_url: "https://b" } })]],
    ["nothing but a name", [alert(1, { labels: { alertname: "B" }, annotations: {} })]],
    ["nothing in common", [alert(1), alert(2, { labels: { severity: "warning" }, annotations: {} })]],
    [
      "more labels than are shown, and long ones",
      [
        alert(1, {
          labels: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`l${n}`, "v`".repeat(90)])),
        }),
      ],
    ],
  ])("are what amtool renders for a group with %s", async (_, alerts) => {
    const file = renderNotificationTemplates({ environment: "prod", externalUrl: true });
    expect(byUs(ALL, file, groupOf(...alerts))).toBe(await byAmtool(ALL, file, groupOf(...alerts)));
  });

  it("are what amtool renders for the contact points of Grafana, too", async () => {
    const integrations = renderAlerting(ALERTING).contactPoints.flatMap((point) => point.integrations);
    const texts = integrations
      .flatMap(({ settings, details }) => Object.values({ ...settings, ...details }))
      .filter((text) => text.includes("{{"));
    expect(texts.length).toBeGreaterThan(5);
    for (const group of [groupOf(...many), groupOf(alert(1, { annotations: HOSTILE }))])
      for (const text of texts) expect(byUs(text, "", group)).toBe(await byAmtool(text, "", group));
  });

  it.each([
    `{{ $x := "a" }}{{ if .Status }}{{ $x := "b" }}{{ $x }}{{ end }}{{ $x }}{{ range .Alerts }}{{ $x }}{{ $x = "c" }}{{ end }}{{ $x }}`,
    `{{ $x := "a" }}{{ if eq $x "a" }}{{ $x = "b" }}{{ $y := "c" }}{{ $y }}{{ end }}{{ $x }}`,
    `{{ range $i, $a := .Alerts }}{{ if $i }}, {{ end }}{{ $i }}={{ $a.Labels.pod }}{{ .Status }}{{ $.Status }}{{ end }}`,
    `{{ with .CommonLabels.none }}{{ . }}{{ else }}none{{ end }}{{ with .CommonLabels.service }}{{ . }}{{ end }}`,
    `{{ if eq .Status "a" }}a{{ else if ne .Status "b" }}b{{ else }}c{{ end }}`,
    `x {{- /* gone */ -}} y {{- "\\tz\\n\\"" -}} \n w`,
    `{{ printf "%s=%q" "a" "b\\"c\\\\" | urlquery }} {{ "a b" | toUpper | printf "%s!" }}`,
    `{{ len "é" }}{{ len .Alerts }}{{ len (slice .Alerts 1) }}{{ (index .Alerts 0).Labels.pod }}`,
    `{{ reReplaceAll "(?s)^(.{2}).*$" "$1…" "é𝄞x\\ny" }}{{ "a+b" | reReplaceAll "[+]" "%20" }}`,
    `{{ $l := list }}{{ range .Alerts }}{{ $l = append $l . }}{{ end }}{{ len $l }}{{ if list }}x{{ else }}y{{ end }}`,
    `{{ range .CommonLabels.SortedPairs }}{{ .Name }}={{ .Value }};{{ end }}{{ lt 1 2 }}{{ gt 1 2 }}{{ if match "^f" .Status }}m{{ end }}`,
  ])("have the meaning of Go's language: %s", async (text) => {
    const group = groupOf(alert(1), alert(2));
    expect(byUs(text, "", group)).toBe(await byAmtool(text, "", group));
  });
});

describe("a template that uses more of Go's language", () => {
  it.each([
    [`{{ nosuch .Status }}`, "the function nosuch is not known"],
    [`{{ .Nothing }}`, ".Nothing is no field or method that is known"],
    [`{{ .CommonLabels.Values }}`, ".Values is no field or method"],
    [`{{ .Alerts }}`, "prints something else than a text or number"],
    [`a\n{{ break }}`, "line 2 uses break"],
    [`{{ if true }}{{ end }}`, "the function true is not known"],
    [`{{ block "x" . }}{{ end }}`, "uses block"],
    [`{{ if .Status }}`, "does not end in else and end"],
    [`{{ range $a := .Alerts }}{{ end }}`, "other variables than index and element"],
    ["{{ `raw` }}", "which is no token that is known"],
    [`{{ "\\x41" }}`, "the escape \\x"],
    [`{{ 1.5 }}`, "gets arguments that is no function"],
    [`{{ template "x" }}`, "calls a template without its name or its data"],
    [`{{ template "x" . }}`, "no template is called x"],
    [`{{ $x }}`, "no variable is called $x"],
    [`{{ eq 1 1 }}`, "compares something else than two texts"],
    [`{{ reReplaceAll "\\\\s" "" "x" }}`, "may mean something else in JavaScript"],
    [`{{ reReplaceAll "a.b" "" "x" }}`, "may mean something else in JavaScript"],
    [`{{ reReplaceAll "(?i)a" "" "x" }}`, "may mean something else in JavaScript"],
    [`{{ reReplaceAll "a*" "-" "x" }}`, "matches an empty text"],
    [`{{ reReplaceAll "(a)" "$1x" "a" }}`, "the replacement $1x"],
    [`{{ printf "%d" 1 }}`, "gets something else than a text"],
    [`{{ printf "%v" "a" }}`, "printf uses %v"],
    [`{{ printf "%q" "a\\n" }}`, "not printable"],
    [`{{ index .Alerts 9 }}`, "beyond the end"],
    [`{{ (index .Alerts 0).StartsAt.UTC.Format "15:04" }}`, "another format"],
    [`{{ .Status "x" }}`, "takes no arguments"],
    [`{{ "a" "b" }}`, "gets arguments that is no function"],
    [`{{ /* no end }}`, "a comment without an end"],
    [`{{ end }}`, "without a begin"],
  ])("is refused, not drawn otherwise: %s", (text, message) => {
    expect(() => byUs(text, "", groupOf(alert(1)))).toThrow(UnknownConstruct);
    expect(() => byUs(text, "", groupOf(alert(1)))).toThrow(message);
  });

  it("is named, the innermost one", () => {
    const file = `{{ define "a" }}{{ template "b" . }}{{ end }}{{ define "b" }}{{ .X }}{{ end }}`;
    expect(() => byUs(`{{ template "a" . }}`, file, groupOf(alert(1)))).toThrow(
      /^\.X is no field or method that is known, in the template b$/,
    );
  });

  it.each([
    ["text\n", "text outside of a definition"],
    ["{{ .Status }}", "is no definition of a template"],
    [`{{ define "x" }}`, "the definition of x has no end"],
  ])("is refused in a file of definitions: %s", (file, message) => {
    expect(() => parseDefinitions(file)).toThrow(message);
  });
});

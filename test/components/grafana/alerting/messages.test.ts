import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderAlerting } from "../../../../components/grafana/alerting/render.ts";
import { run } from "../../../support/process.ts";
import { tool } from "../../../support/tools.ts";
import { ALERTING } from "./samples.ts";

// Grafana runs the templates of its contact points with Alertmanager's functions on data of the same form, so amtool renders them here.

let amtool: string;
let folder: string;
beforeAll(async () => {
  amtool = await tool("amtool");
  folder = await mkdtemp(join(tmpdir(), "bellwether-contact-points-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const integrations = renderAlerting(ALERTING).contactPoints.flatMap((point) => point.integrations);
const of = (type: string) => {
  const found = integrations.find((integration) => integration.type === type);
  if (found === undefined) throw new Error(`no integration of type ${type}`);
  return found;
};

const alert = (index: number, annotations: object, status = "firing") => ({
  status,
  labels: { alertname: "AwsOdd", severity: "critical", team: "platform", instance: `i-${index}` },
  annotations,
  startsAt: "2026-03-01T04:05:06Z",
});

async function rendered(template: string, alerts: readonly object[]): Promise<string> {
  const file = join(folder, "data.json");
  const labels = { alertname: "AwsOdd", severity: "critical", team: "platform" };
  const data = {
    receiver: "Bellwether critical (prod)",
    status: "firing",
    externalURL: "https://grafana.example.com/",
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: {},
    alerts,
  };
  await writeFile(file, JSON.stringify(data));
  const { code, stdout, stderr } = await run(amtool, [
    "template",
    "render",
    `--template.glob=${join(folder, "none.tmpl")}`,
    `--template.text=${template}`,
    `--template.data=${file}`,
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

const HOSTILE = {
  summary: "NAT <nil> & <!channel>\nis full",
  description: "<https://evil.example.com|Sign in> &amp;",
  runbook_url: "https://example.com/AwsOdd.md?a=1&b=2",
};

describe("the messages of Grafana's contact points", () => {
  it("escape for Slack what Slack reads as a mention or a link", async () => {
    const { title = "", text = "" } = of("slack").settings;
    expect(await rendered(text, [alert(1, HOSTILE)])).toBe(
      "NAT &lt;nil&gt; &amp; &lt;!channel&gt; is full\n&lt;https://evil.example.com|Sign in&gt; &amp;amp;\nRunbook: https://example.com/AwsOdd.md?a=1&amp;b=2\n\n",
    );
    expect(await rendered(title, [alert(1, HOSTILE), alert(2, HOSTILE)])).toBe(
      "[prod] FIRING AwsOdd (2 alerts)",
    );
  });

  it("are plain text for PagerDuty and in mails, without the links that are none", async () => {
    const plain = "NAT <nil> & <!channel> is full\n<https://evil.example.com|Sign in> &amp;\n";
    const runbook = "Runbook: https://example.com/AwsOdd.md?a=1&b=2\n";
    const { details } = of("pagerduty");
    const alerts = [alert(1, HOSTILE), alert(2, { ...HOSTILE, runbook_url: "!channel" }, "resolved")];
    expect(await rendered(of("email").settings["message"] ?? "", alerts)).toBe(
      `${plain}${runbook}\nResolved: ${plain}\n`,
    );
    expect(await rendered(details?.["firing"] ?? "", alerts)).toBe(`${plain}${runbook}\n`);
    expect(await rendered(details?.["resolved"] ?? "", alerts)).toBe(`Resolved: ${plain}\n`);
  });

  it("show ten of three hundred alerts, say how many more there are, and link to them", async () => {
    const long = { summary: "s".repeat(3_000), description: "d".repeat(20_000) };
    const alerts = Array.from({ length: 300 }, (_, index) => alert(index, long));
    const templates = [
      of("slack").settings["text"],
      of("email").settings["message"],
      of("pagerduty").details?.["firing"],
    ];
    for (const template of templates) {
      const text = await rendered(template ?? "", alerts);
      expect(text.match(/^s{199}…\nd{499}…$/gm)).toHaveLength(10);
      expect(text).toContain(
        "290 more alerts are not shown. All alerts: https://grafana.example.com/alerting/groups?alertmanager=grafana\n",
      );
      expect([...text].length).toBeLessThan(8_000);
    }
  });

  it("have a line for an alert without annotations", async () => {
    expect(await rendered(of("slack").settings["text"] ?? "", [alert(1, {})])).toBe("AwsOdd\n\n");
  });
});

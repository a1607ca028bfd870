import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MOST_SHOWN } from "../../../components/alertmanager/message-text.ts";
import { renderNotificationTemplates } from "../../../components/alertmanager/notifications.ts";
import { until } from "../../support/servers.ts";
import { type Outlets, startOutlets } from "./outlets.ts";

// What Slack, PagerDuty and an inbox get from the Alertmanager that is deployed, of alerts with texts that a receiver could take for its
// own syntax, and of many alerts at once.

let outlets: Outlets;
beforeAll(async () => {
  const alertsUrl = "https://grafana.example.com/d/overview?viewPanel=1&kiosk=1";
  outlets = await startOutlets({
    templates: renderNotificationTemplates({ environment: "prod", externalUrl: false, alertsUrl }),
    factor: 5,
  });
}, 300_000);
afterAll(() => outlets?.stop());

const raised = (alertname: string, annotations: object, labels: object = {}) => ({
  labels: {
    alertname,
    cluster: "prod",
    service: "storefront",
    severity: "critical",
    team: "shop",
    ...labels,
  },
  annotations,
});

/** What each receiver got of an alert. */
async function received(alertname: string) {
  const of = {
    slack: () => outlets.slack.find(({ attachments }) => attachments[0]?.title.includes(alertname)),
    pagerduty: () => outlets.pagerduty.find(({ payload }) => payload.summary.includes(alertname)),
    mail: () => outlets.mails.find((mail) => mail.includes(alertname)),
  };
  await until(async () => Object.values(of).every((find) => find() !== undefined), 30);
  const slack = of.slack()?.attachments[0];
  const pagerduty = of.pagerduty();
  const mail = of.mail();
  if (slack === undefined || pagerduty === undefined || mail === undefined) throw new Error("lost");
  return {
    slack,
    pagerduty,
    mail: { raw: mail, html: partOf(mail, "text/html"), text: partOf(mail, "text/plain") },
  };
}

/** A part of a mail, decoded from quoted-printable. */
function partOf(mail: string, type: string): string {
  const [, encoded = ""] =
    new RegExp(`Content-Type: ${type}[^]*?\r\n\r\n([^]*?)\r\n--[0-9a-f]{30,}`).exec(mail) ?? [];
  const bytes = encoded
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replaceAll("\r\n", "\n");
}

/** What Slack calls to everybody, to a person or a channel, or takes for a link. */
const CONTROL = /<[^>]*>/g;

describe("a text that is syntax for its receiver", () => {
  const SUMMARY = "*storefront* answers <nil> & <!channel> <@U024BE7LH>";
  const DESCRIPTION = "dial tcp: lookup <unknown>: <https://evil.example.com|Sign in> &lt;b&gt;\n--- a: b";
  const RUNBOOK = "https://example.com/a?b=1&c=2|Sign in> <!here";

  it("reaches Slack as text", async () => {
    await outlets.raise([
      raised(
        "Hostile",
        {
          summary: SUMMARY,
          description: DESCRIPTION,
          runbook_url: RUNBOOK.replaceAll(" ", "+"),
          dashboard_url: "!channel",
        },
        { service: "a<!everyone>&`b", reason: "x`y\nz" },
      ),
    ]);
    const { slack } = await received("Hostile");
    expect(slack.title).toBe("[prod] CRITICAL Hostile a&lt;!everyone&gt;&amp;`b");
    expect(slack.fallback).toBe(slack.title);
    expect(slack.text.match(CONTROL)).toEqual([
      "<https://example.com/a?b=1&amp;c=2%7CSign+in%3E+%3C!here|Runbook>",
    ]);
    expect(slack.text).toContain(
      "*storefront* answers &lt;nil&gt; &amp; &lt;!channel&gt; &lt;@U024BE7LH&gt;",
    );
    expect(slack.text).toContain("&lt;https://evil.example.com|Sign in&gt; &amp;lt;b&amp;gt;\n--- a: b");
    expect(slack.text).toContain("`reason=x'y z`");
    expect(slack.title_link).toBeUndefined();
  });

  it("reaches PagerDuty as it is, and what is no link as no link", async () => {
    const { pagerduty } = await received("Hostile");
    expect(pagerduty.payload.summary).toBe("[prod] CRITICAL Hostile a<!everyone>&`b");
    expect(pagerduty.payload.custom_details["text"]).toContain(`${SUMMARY}\n${DESCRIPTION}\nSince: `);
    expect(pagerduty.links).toEqual([{ href: RUNBOOK.replaceAll(" ", "+"), text: "Runbook" }]);
    expect(pagerduty.client_url).toBeUndefined();
  });

  it("reaches an inbox as text, in both forms of the mail", async () => {
    const { mail } = await received("Hostile");
    expect(mail.text).toContain(`${SUMMARY}\n${DESCRIPTION}\n`);
    expect(mail.html).toContain("answers &lt;nil&gt; &amp; &lt;!channel&gt;");
    expect(mail.html.match(/<a [^>]*>/g)).toEqual([
      '<a href="https://example.com/a?b=1&amp;c=2%7cSign&#43;in%3e&#43;%3c!here">',
    ]);
  });

  it("adds no header to a mail", async () => {
    await outlets.raise([
      raised("Header", { summary: "s" }, { service: "x\r\nBcc: all@example.com\r\n\r\nbody" }),
    ]);
    const { mail } = await received("Header");
    expect(mail.raw).toContain("Subject: [prod] CRITICAL Header x Bcc: all@example.com body\r\n");
    expect(mail.raw).not.toMatch(/^Bcc:/m);
  });
});

describe("an alert without what others have", () => {
  it("has a name for a summary, no links and a severity that PagerDuty takes", async () => {
    await outlets.raise([
      { labels: { alertname: "Bare", cluster: "prod", severity: "critical", team: "shop" }, annotations: {} },
    ]);
    const { slack, pagerduty, mail } = await received("Bare");
    expect(slack.text.split("\n")[0]).toBe("*Bare*");
    expect(pagerduty.payload.custom_details["text"]).toMatch(/^1 firing, 0 resolved\n\nBare\nSince: /);
    expect(pagerduty.links).toBeUndefined();
    for (const text of [JSON.stringify(slack), JSON.stringify(pagerduty), mail.raw])
      expect(text).not.toMatch(/<nil>|no value|null|undefined/);
  });
});

describe("three hundred alerts at once", () => {
  const COUNT = 300;
  const many = (alertname: string, description: string) =>
    Array.from({ length: COUNT }, (_, index) =>
      raised(
        alertname,
        {
          summary: `The container api of the pod shop/api-${index} restarts again and again`,
          description,
          runbook_url: `https://example.com/runbooks/${alertname}.md`,
          dashboard_url: "https://grafana.example.com/d/bellwether-pods-prod?viewPanel=1",
        },
        { namespace: "shop", pod: `api-${index}`, container: "api" },
      ),
    );
  const DESCRIPTION =
    "It restarted 11 times in 15 minutes, more than the limit of 5. The pod does no work while it waits. First: read the log of the last container.";

  it("are one message that shows ten, says how many more there are, and links to all", async () => {
    await outlets.raise(many("Crowd", DESCRIPTION));
    const { slack, pagerduty, mail } = await received("Crowd");
    expect(slack.title).toBe(`[prod] CRITICAL Crowd storefront (${COUNT} alerts)`);
    expect(slack.text.match(/^\*.*\*$/gm)).toHaveLength(MOST_SHOWN);
    expect(slack.text).toContain(
      `290 more alerts are not shown. <https://grafana.example.com/d/overview?viewPanel=1&amp;kiosk=1|All alerts>`,
    );
    expect(slack.text.match(/\|Runbook>/g)).toHaveLength(1);
    const text = String(pagerduty.payload.custom_details["text"]);
    for (const plain of [text, mail.text]) {
      expect(plain.match(/^Labels: /gm)).toHaveLength(MOST_SHOWN);
      expect(plain).toContain(
        "290 more alerts are not shown. All alerts: https://grafana.example.com/d/overview?viewPanel=1&kiosk=1\n",
      );
      expect(plain.match(/^Runbook: /gm)).toHaveLength(1);
    }
    expect(mail.html.match(/<h2 /g)).toHaveLength(MOST_SHOWN);
    expect(mail.html).toContain(
      '<p>290 more alerts are not shown. <a href="https://grafana.example.com/d/overview?viewPanel=1&amp;kiosk=1">All alerts</a></p>',
    );
    expect(Buffer.byteLength(JSON.stringify(slack))).toBeLessThan(8_000);
  });

  it("stay below the limits of Slack and PagerDuty, however long their texts are", async () => {
    const long = many("Endless", "x".repeat(20_000)).map(({ labels, annotations }, index) => ({
      labels: {
        ...labels,
        pod: `api-${index}-${"y".repeat(5_000)}`,
        ...Object.fromEntries(
          Array.from({ length: 30 }, (_, number) => [`label_${number}`, "z".repeat(500)]),
        ),
      },
      annotations: {
        ...annotations,
        summary: "s".repeat(3_000),
        runbook_url: `https://example.com/${index}/${"r".repeat(400)}`,
        dashboard_url: `https://example.com/${index}/${"d".repeat(4_000)}`,
      },
    }));
    await outlets.raise(long);
    const { slack, pagerduty } = await received("Endless");
    // Slack cuts a message at 40,000 characters. Alertmanager drops the details of an event of more than 512,000 bytes.
    expect([...slack.text].length).toBeLessThan(40_000);
    // So large a request may still arrive while the group is sent.
    expect(slack.text).toMatch(/^2\d\d more alerts are not shown\./m);
    expect(Object.keys(pagerduty.payload.custom_details)).toContain("text");
    expect(Buffer.byteLength(JSON.stringify(pagerduty))).toBeLessThan(50_000);
    expect(slack.text).toContain(`*${"s".repeat(199)}…*\n${"x".repeat(499)}…\n`);
    expect(slack.text).not.toContain("|Dashboard>");
    expect(slack.text.split("\n\n")[0]?.match(/`\w+=/g)).toHaveLength(20);
  });
});

import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Message } from "../../../cli/messages/message.ts";
import { messagesOf } from "../../../cli/report/html-messages.ts";
import { html } from "../../../cli/report/markup.ts";
import { launchBrowser } from "../../support/browser.ts";
import { visit } from "./pages.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

interface Row {
  readonly name: string;
  readonly by: string;
  readonly receivers: readonly string[];
  readonly figures: readonly { readonly caption: string; readonly title: string; readonly text: string }[];
}

describe("the rows of the report", () => {
  it("have the message of each receiver, from Alertmanager or from Grafana", async () => {
    const { page } = await visit(browser, join(inject("previews"), "prod"));
    const rows = await page.evaluate<
      readonly Row[]
    >(`[...document.querySelectorAll("details.alert")].map((row) => ({
      name: row.dataset.name,
      by: row.textContent.includes("in Grafana") ? "Grafana" : "Prometheus",
      receivers: row.dataset.receivers.split("\\n").filter((name) => name !== "no receiver"),
      figures: [...row.querySelectorAll("figure.message")].map((figure) => ({
        caption: figure.querySelector("figcaption").textContent,
        title: figure.querySelector(".title")?.textContent ?? "",
        text: figure.textContent,
      })),
    }))`);
    const ofPrometheus = rows.filter(({ by }) => by === "Prometheus");
    expect(ofPrometheus.filter(({ receivers }) => receivers.length > 0).length).toBeGreaterThan(80);
    for (const { name, receivers, figures } of ofPrometheus) {
      // An alert about workloads goes to the team that owns the namespace, and its example has one namespace.
      const notified = figures.map(({ caption }) => caption.replace(/^Message to |,.*$/g, ""));
      expect([name, notified.filter((receiver) => !receivers.includes(receiver))]).toEqual([name, []]);
      expect([name, notified.length > 0]).toEqual([name, receivers.length > 0]);
      for (const { title, text } of figures) {
        if (name !== "Watchdog") expect(title).toMatch(new RegExp(`^\\[prod\\] (CRITICAL|WARNING) ${name}`));
        expect(text).not.toMatch(/\{\{|<no value>|undefined|&amp;|&lt;/);
      }
    }
    const ofGrafana = rows.filter(({ by }) => by === "Grafana");
    expect(ofGrafana.length).toBeGreaterThan(5);
    for (const { name, figures } of ofGrafana) {
      expect([name, figures.map(({ title }) => title)]).toEqual([name, [`[prod] FIRING ${name}`]]);
      expect(figures[0]?.caption).toMatch(/^Message to Bellwether (critical|warning) \(prod\), from Grafana/);
      expect(figures[0]?.text).toContain(`/${name}.md`);
      expect(figures[0]?.text).not.toMatch(/\{\{|&lt;/);
    }
    await page.close();
  });

  it("are found by the text of a message", async () => {
    const { page } = await visit(browser, join(inject("previews"), "prod"));
    await page.getByLabel("Search").fill("[prod] warning kubepodcrashlooping shop");
    expect(await page.evaluate("document.querySelectorAll('#alerts li:not([hidden])').length")).toBe(1);
    await page.locator("#alert-KubePodCrashLooping summary").click();
    expect(await page.locator("#alert-KubePodCrashLooping .slack .title a").isVisible()).toBe(true);
    await page.close();
  });
});

describe("a drawn message", () => {
  const drawn = (message: Message) =>
    html`${messagesOf({ by: "Prometheus", messages: [{ receiver: "r", message }] })}`.text;
  const SLACK = {
    type: "slack",
    channel: "#alerts",
    username: "Bellwether",
    color: "danger",
    title: "a &lt;b&gt; &amp;amp;",
    titleLink: "",
    text: "",
  } as const;

  it("shows Slack's markup as Slack does, and text that looks like markup of the page as text", () => {
    const text = drawn({
      ...SLACK,
      text: "*bold &amp; &lt;i&gt;*\n`code=&lt;x&gt;` <https://example.com/?a=1&amp;b=2|Run &lt;b&gt;>  &lt;!channel&gt; :white_check_mark:",
    });
    expect(text).toContain('<div class="title">a &lt;b&gt; &amp;amp;</div>');
    expect(text).toContain("<strong>bold &amp; &lt;i&gt;</strong>\n<code>code=&lt;x&gt;</code> ");
    expect(text).toContain(
      '<a href="https://example.com/?a=1&amp;b=2">Run &lt;b&gt;</a>  &lt;!channel&gt; ✅</p>',
    );
  });

  it("of PagerDuty has the details, without fields and links that are empty", () => {
    const event = {
      type: "pagerduty",
      summary: "s <b>",
      severity: "critical",
      source: "Bellwether",
      class: "A",
      component: "",
      group: "shop",
      client: "Bellwether",
      clientUrl: "",
      links: [],
      details: { firing: 1, text: "1 firing\n\n<script>" },
    } as const;
    const text = drawn(event);
    expect(text).toContain('<div class="title">s &lt;b&gt;</div>');
    expect(text).toContain(
      '<p class="from">severity critical, source Bellwether, group shop, class A, firing 1</p><p class="body">1 firing\n\n&lt;script&gt;</p></div>',
    );
    expect(text).not.toContain("View in");
    expect(drawn({ ...event, clientUrl: "https://example.com/" })).toContain(
      '<a href="https://example.com/">View in Bellwether</a>',
    );
  });

  it("of Grafana has a blank for what Grafana fills in, and one of Alertmanager shows braces as they are", () => {
    const message = { ...SLACK, text: "Host {{ .Labels.Id }} &amp; {{ .Values.V.Value }}" };
    const { text } = html`${messagesOf({ by: "Grafana", messages: [{ receiver: "r", message }] })}`;
    expect(text).toContain('Host <span class="blank">Id</span> &amp; <span class="blank">value</span></p>');
    expect(drawn(message)).toContain("Host {{ .Labels.Id }} &amp; {{ .Values.V.Value }}</p>");
  });

  it("of a mail has subject and text, and one of a webhook says what it is", () => {
    const text = drawn({
      type: "email",
      to: "a@example.com",
      from: "b@example.com",
      subject: "s",
      text: "t <b>",
    });
    expect(text).toContain("<strong>b@example.com</strong> to a@example.com");
    expect(text).toContain('<div class="title">s</div><p class="body">t &lt;b&gt;</p>');
    expect(drawn({ type: "webhook" })).toContain("The JSON of Alertmanager with all alerts of the group.");
  });
});

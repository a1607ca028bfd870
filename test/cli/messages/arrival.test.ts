import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Message } from "../../../cli/messages/message.ts";
import { messagesOf } from "../../../cli/messages/previewed.ts";
import { routeAlerts } from "../../../cli/routing.ts";
import {
  type Outlets,
  type PagerDutyEvent,
  type SlackMessage,
  startOutlets,
} from "../../components/alertmanager/outlets.ts";
import { environmentOf } from "../../e2e/environment.ts";
import { until } from "../../support/servers.ts";
import { configuration, externalLabels, proven, sentAlerts, templates } from "./prod.ts";

// What the report draws, and what Slack and PagerDuty get from the Alertmanager that is deployed, with the files of prod. Sixty times faster.

const NOW = new Date(Math.floor(Date.now() / 1000) * 1000);

let outlets: Outlets;
beforeAll(async () => {
  // All alerts fire at once here, and one would inhibit the other.
  const withoutInhibition = stringify({ ...(parse(configuration()) as object), inhibit_rules: [] });
  outlets = await startOutlets({ configuration: withoutInhibition, templates: templates(), factor: 60 });
}, 300_000);
afterAll(() => outlets?.stop());

/** The alerts that notify, with their messages, each in a group of its own: other tests have groups of several. */
async function drawn() {
  const { alertmanager } = await environmentOf("prod");
  const files = { configuration: configuration(), templates: templates() };
  const labels = externalLabels();
  const messages = messagesOf(
    { alertmanager: files, proven: proven(), externalLabels: labels },
    { now: NOW, externalUrl: alertmanager.externalUrl },
  );
  const groups = new Set<string>();
  return sentAlerts().flatMap(({ alert, sent }) => {
    const [routed] = routeAlerts([alert], alertmanager, labels);
    if (routed === undefined || sent === undefined) return [];
    const [destination] = routed.destinations;
    const group = JSON.stringify([
      destination?.receiver,
      destination?.grouping.groupBy.map((label) => sent.labels[label]),
    ]);
    if (groups.has(group)) return [];
    groups.add(group);
    return messages(routed).map(({ message }) => ({ name: alert.name, sent, message }));
  });
}

/** A message as it arrived, in the terms of the report. */
const ofSlack = ({ channel, username, attachments: [attachment] }: SlackMessage): Message => ({
  type: "slack",
  channel,
  username,
  color: attachment?.color ?? "",
  title: attachment?.title ?? "",
  titleLink: attachment?.title_link ?? "",
  text: attachment?.text ?? "",
});

const ofPagerDuty = ({ client, client_url = "", links = [], payload }: PagerDutyEvent): Message => ({
  type: "pagerduty",
  summary: payload.summary,
  severity: payload.severity,
  source: payload.source,
  class: payload.class ?? "",
  component: payload.component ?? "",
  group: payload.group ?? "",
  client,
  clientUrl: client_url,
  links: links.map(({ text, href }) => ({ text, href })),
  details: payload.custom_details as Readonly<Record<string, string | number>>,
});

describe("the messages that the report draws", () => {
  it("arrive so at Slack and PagerDuty, for every alert of prod that notifies them", async () => {
    const expected = (await drawn()).filter(
      ({ message: { type } }) => type === "slack" || type === "pagerduty",
    );
    expect(expected.length).toBeGreaterThan(60);
    expect(new Set(expected.map(({ message }) => message.type)).size).toBe(2);
    const alerts = expected.map(({ sent }) => ({ ...sent, startsAt: NOW.toISOString() }));
    await outlets.raise([...new Map(alerts.map((alert) => [JSON.stringify(alert), alert])).values()]);
    await until(async () => outlets.slack.length + outlets.pagerduty.length >= expected.length, 60);
    const arrived = [...outlets.slack.map(ofSlack), ...outlets.pagerduty.map(ofPagerDuty)];
    for (const { name, message } of expected) expect(arrived, name).toContainEqual(message);
    expect(arrived).toHaveLength(expected.length);
  }, 300_000);
});

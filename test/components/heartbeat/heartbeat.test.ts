import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { AlertmanagerSettings } from "../../../components/alertmanager/model.ts";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { HeartbeatAlarm } from "../../../components/heartbeat/component.ts";
import { alarmPeriod, awsHeartbeat, heartbeatTopicArn } from "../../../components/heartbeat/model.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { record } from "../../support/pulumi-mocks.ts";
import { type Server, until } from "../../support/servers.ts";
import { SETTINGS } from "../alertmanager/settings.ts";

const TOPIC = heartbeatTopicArn("prod", "eu-west-1", "111122223333");
const WATCHED: AlertmanagerSettings = {
  ...SETTINGS,
  receivers: {
    ...SETTINGS.receivers,
    "dead-mans-switch": { type: "aws-heartbeat", region: "eu-west-1", emails: ["oncall@example.com"] },
  },
  heartbeatTopic: TOPIC,
};

describe("the Alertmanager that is deployed, with an alarm on its heartbeats", () => {
  const requests: { readonly headers: IncomingHttpHeaders; readonly body: URLSearchParams }[] = [];
  const tokens: (string | undefined)[] = [];
  // SNS and the node's Pod Identity agent, as far as one publishes and the other hands out credentials.
  const simulator = createServer((request, response) => {
    const { url, headers } = request;
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      if (url === "/v1/credentials") {
        tokens.push(headers.authorization);
        const Expiration = new Date(Date.now() + 3_600_000).toISOString();
        response.setHeader("content-type", "application/json");
        response.end(
          JSON.stringify({ AccessKeyId: "ASIAPOD", SecretAccessKey: "secret", Token: "session", Expiration }),
        );
        return;
      }
      requests.push({ headers, body: new URLSearchParams(body) });
      response.setHeader("content-type", "text/xml");
      response.end(
        '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
      );
    });
  });
  const before = { ...process.env };
  let folder: string;
  let server: Server;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "heartbeat-"));
    await new Promise<void>((listening) => simulator.listen(0, "127.0.0.1", listening));
    const address = `http://127.0.0.1:${(simulator.address() as AddressInfo).port}`;
    await writeFile(join(folder, "token"), "the token of the pod");
    // What EKS's webhook sets in a pod, but for the address.
    process.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = `${address}/v1/credentials`;
    process.env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = join(folder, "token");
    const configuration = parse(renderAlertmanagerConfig(WATCHED, "prod")) as {
      templates?: unknown;
      receivers: { name: string; sns_configs?: { api_url?: string }[] }[];
    };
    const receiver = configuration.receivers.find(({ name }) => name === "dead-mans-switch");
    const [sns] = receiver?.sns_configs ?? [];
    if (sns === undefined) throw new Error("the heartbeat does not go to SNS");
    sns.api_url = address;
    // The heartbeat alone: the others read their secrets from files.
    const others = configuration.receivers.map(({ name }) => ({ name }));
    const receivers = others.map((other) => (other.name === receiver?.name ? receiver : other));
    delete configuration.templates;
    server = await serveAlertmanager(folder, stringify({ ...configuration, receivers }));
  });
  afterAll(async () => {
    process.env = before;
    await server?.stop();
    simulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("publishes the Watchdog to the topic, signed for its region with the credentials of its pod", async () => {
    const alerts = [{ labels: { alertname: "Watchdog", severity: "none", cluster: "prod" } }];
    const posted = await fetch(`${server.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(posted.status).toBe(200);
    await until(async () => requests.length > 0, 30);
    const [request] = requests;
    expect(request?.body.get("Action")).toBe("Publish");
    expect(request?.body.get("TopicArn")).toBe(TOPIC);
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIAPOD\/\d{8}\/eu-west-1\/sns\/aws4_request/,
    );
    expect(request?.headers["x-amz-security-token"]).toBe("session");
    expect(tokens).toContain("the token of the pod");
  });
});

describe("an alarm on heartbeats", () => {
  it("waits for five minutes or two intervals, in whole minutes", () => {
    expect(alarmPeriod("1m")).toBe(300);
    expect(alarmPeriod("2m")).toBe(300);
    expect(alarmPeriod("3m")).toBe(360);
    expect(alarmPeriod("1h")).toBe(7200);
  });

  it("is of the heartbeat's receiver alone", () => {
    expect(awsHeartbeat(WATCHED)).toMatchObject({ region: "eu-west-1" });
    expect(awsHeartbeat(SETTINGS)).toBeUndefined();
  });

  it("counts what Alertmanager publishes, takes silence for bad, and may be fed by Alertmanager alone", async () => {
    const heartbeat = awsHeartbeat(WATCHED);
    if (heartbeat === undefined) throw new Error("no heartbeat");
    const recording = await record(() => {
      new HeartbeatAlarm("heartbeat", {
        settings: heartbeat,
        environment: "prod",
        interval: "1m",
        cluster: { name: pulumi.output("prod") },
        clusterName: "prod",
        region: "eu-central-1",
        namespaces: DEFAULT_NAMESPACES,
        accountId: "111122223333",
        pagerUrl: pulumi.secret("https://pager.example.com/key"),
        tags: {},
        elsewhere: new aws.Provider("elsewhere", { region: "eu-west-1" }),
      });
    });
    const topic = recording.the("aws:sns/topic:Topic", "heartbeat").inputs["name"];
    expect(TOPIC).toBe(`arn:aws:sns:eu-west-1:111122223333:${topic}`);
    expect(recording.the("aws:cloudwatch/metricAlarm:MetricAlarm", "heartbeat").inputs).toMatchObject({
      namespace: "AWS/SNS",
      metricName: "NumberOfMessagesPublished",
      dimensions: { TopicName: topic },
      period: 300,
      treatMissingData: "breaching",
      alarmActions: ["arn:aws:test:::heartbeat-pager"],
    });
    expect(recording.the("aws:iam/rolePolicy:RolePolicy", "heartbeat").inputs["policy"]).toMatchObject({
      Statement: [{ Action: "sns:Publish", Resource: "arn:aws:test:::heartbeat" }],
    });
    expect(
      recording.the("aws:eks/podIdentityAssociation:PodIdentityAssociation", "heartbeat").inputs,
    ).toMatchObject({ namespace: "monitoring", serviceAccount: "alertmanager" });
  });
});

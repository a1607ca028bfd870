import { describe, expect, it } from "vitest";
import { notificationPorts } from "../../../components/prometheus/notification-ports.ts";

describe("the ports of notifications", () => {
  it("are those of the receivers that an environment has, each once", () => {
    expect(
      notificationPorts({
        receivers: {
          pager: { type: "pagerduty", routingKeySecret: "pagerdutyKey" },
          chat: { type: "slack", webhookUrlSecret: "slackUrl", channel: "#alerts" },
          mail: {
            type: "email",
            to: ["a@example.com"],
            from: "b@example.com",
            smarthost: "smtp.example.com:2525",
          },
          sink: { type: "local-webhook", url: "http://sink.default.svc:8080/alerts" },
          page: { type: "local-webhook", url: "http://sink.default.svc/alerts" },
        },
      }),
    ).toEqual([80, 443, 2525, 8080]);
  });
});

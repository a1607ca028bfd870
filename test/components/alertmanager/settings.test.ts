import { describe, expect, it } from "vitest";
import { receiverPorts } from "../../../components/alertmanager/model.ts";

describe("the ports of the receivers", () => {
  it("are each there once, in order", () => {
    expect(
      receiverPorts({
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
          plain: { type: "local-webhook", url: "http://sink.default.svc/alerts" },
          encrypted: { type: "local-webhook", url: "https://sink.default.svc/alerts" },
        },
      }),
    ).toEqual([80, 443, 2525, 8080]);
  });
});

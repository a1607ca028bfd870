import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { until } from "../../support/servers.ts";
import { type Paging, startPaging, summaryOf } from "./paging.ts";
import { SETTINGS } from "./settings.ts";

// What Slack gets from the Alertmanager that is deployed, sixty times faster: a group of tickets waits for 2 seconds, and is looked at
// again after 10. Alertmanager before 0.35 gave a message up that Slack refused with 429.

let paging: Paging;

beforeAll(async () => {
  paging = await startPaging(renderAlertmanagerConfig(SETTINGS, "prod"), 60);
});
afterAll(() => paging?.stop());

const GROUP_INTERVAL = 10_000;
/** Seconds that Slack asks for. */
const WAIT = 2;

const ticket = (alertname: string) => ({
  alertname,
  cluster: "prod",
  severity: "warning",
  team: "platform",
});

const told = (alertname: string) =>
  paging.sink.notifications.filter(
    ({ secret, title }) => secret === "platformSlackUrl" && title.includes(alertname),
  );

describe("a ticket that Slack refuses once, with 429", () => {
  it("arrives after the seconds that Slack asked for, and before its group is looked at again", async () => {
    paging.sink.limitSlack(WAIT);
    await paging.post("firing", ticket("Late"));
    await until(async () => told("Late").length > 0, 25);
    expect(paging.sink.limited).toHaveLength(1);
    const waited = (told("Late")[0]?.at ?? 0) - (paging.sink.limited[0] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(WAIT * 1000);
    expect(waited).toBeLessThan(GROUP_INTERVAL - 2000);
    expect(told("Late")[0]?.text).toContain(summaryOf(ticket("Late")));
  });

  it("is not lost when the alert ends while Slack makes it wait", async () => {
    const refused = paging.sink.limited.length;
    paging.sink.limitSlack(WAIT);
    await paging.post("firing", ticket("Short"));
    await until(async () => paging.sink.limited.length > refused, 25);
    await paging.post("resolved", ticket("Short"));
    await until(async () => told("Short").length > 1, 25);
    expect(told("Short").map(({ state }) => state)).toEqual(["firing", "resolved"]);
  });
});

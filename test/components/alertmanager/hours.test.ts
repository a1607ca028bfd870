import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repeatWithin, type WorkingHours } from "../../../components/alertmanager/hours.ts";
import {
  type AlertmanagerSettings,
  alertmanagerProblems,
  alertmanagerSettings,
  hoursInWords,
} from "../../../components/alertmanager/model.ts";
import { destinationsFor, renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { validate } from "../../../components/core/validation.ts";
import { run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";
import { type Paging, startPaging } from "./paging.ts";
import { SETTINGS } from "./settings.ts";

const WORKDAYS: WorkingHours = {
  days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
  from: "09:00",
  to: "17:00",
  timezone: "Europe/Berlin",
};

function withHours(hours: WorkingHours): AlertmanagerSettings {
  return {
    ...SETTINGS,
    teams: {
      platform: { critical: ["platform-pager"], warning: ["platform-chat"], hours: { warning: hours } },
      shop: { critical: ["shop-pager"], warning: ["shop-hook"] },
    },
    workloads: { owner: "shop", namespaces: { infra: "platform" }, shared: {} },
  };
}

interface RouteYaml {
  readonly matchers?: readonly string[];
  readonly receiver?: string;
  readonly active_time_intervals?: readonly string[];
  readonly routes?: readonly RouteYaml[];
}

function routesBelow(route: RouteYaml): readonly RouteYaml[] {
  return [route, ...(route.routes ?? []).flatMap(routesBelow)];
}

describe("the hours of a team", () => {
  const text = renderAlertmanagerConfig(withHours(WORKDAYS), "prod");
  const config = parse(text) as { readonly route: RouteYaml; readonly time_intervals: unknown };

  it("are a time interval that amtool accepts", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bellwether-hours-"));
    await writeFile(join(folder, "alertmanager.yaml"), text);
    const { code, stdout, stderr } = await run(await tool("amtool"), [
      "check-config",
      join(folder, "alertmanager.yaml"),
    ]);
    await rm(folder, { recursive: true });
    expect([stderr, code]).toEqual(["", 0]);
    expect(stdout).toContain("SUCCESS");
    expect(config.time_intervals).toEqual([
      {
        name: "hours-of-platform",
        time_intervals: [
          {
            weekdays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
            times: [{ start_time: "09:00", end_time: "17:00" }],
            location: "Europe/Berlin",
          },
        ],
      },
    ]);
  });

  it("hold its tickets, those about workloads in its namespaces too, and never a page or another team's", () => {
    const held = routesBelow(config.route).filter((route) => route.active_time_intervals !== undefined);
    expect(held).toHaveLength(2);
    for (const route of held)
      expect(route).toMatchObject({
        matchers: ['severity="warning"'],
        receiver: "platform-chat",
        active_time_intervals: ["hours-of-platform"],
      });
    const hours = (labels: Readonly<Record<string, string>>) =>
      destinationsFor(withHours(WORKDAYS), labels).map((destination) => destination.hours);
    expect(hours({ team: "platform", severity: "warning" })).toEqual([WORKDAYS]);
    expect(hours({ team: "shop", namespace: "infra", severity: "warning" })).toEqual([WORKDAYS]);
    expect(hours({ team: "platform", severity: "critical" })).toEqual([undefined]);
    expect(hours({ team: "shop", severity: "warning" })).toEqual([undefined]);
  });

  it("are left out of the configuration if no team has any", () => {
    expect(renderAlertmanagerConfig(SETTINGS, "prod")).not.toContain("time_intervals");
  });

  it.each([
    [WORKDAYS, "Monday to Friday 09:00 to 17:00 Europe/Berlin"],
    [{ ...WORKDAYS, days: ["sunday", "monday"] }, "Monday and Sunday 09:00 to 17:00 Europe/Berlin"],
    [{ ...WORKDAYS, days: ["friday"], to: "24:00" }, "Friday 09:00 to 24:00 Europe/Berlin"],
  ] as const)("read as words", (hours, words) => {
    expect(hoursInWords(hours as WorkingHours)).toBe(words);
  });

  it.each([
    ["09:00", "17:00", WORKDAYS.days, "16h"],
    ["06:00", "22:00", WORKDAYS.days, "8h"],
    ["00:00", "23:00", WORKDAYS.days, "4h"],
    ["09:00", "17:00", ["monday"], "1d"],
    ["00:00", "24:00", ["saturday", "sunday"], "4h"],
  ] as const)(
    "of %s to %s on %s repeat a ticket no later than the next hours begin: %s",
    (from, to, days, repeat) => {
      expect(repeatWithin({ ...WORKDAYS, from, to, days: [...days] })).toBe(repeat);
    },
  );
});

describe("the settings of a team's hours", () => {
  const problems = (changes: object, warning = ["platform-chat"]) =>
    alertmanagerProblems(
      {
        ...SETTINGS,
        teams: {
          ...SETTINGS.teams,
          platform: {
            critical: ["platform-pager"],
            warning,
            hours: { warning: { ...WORKDAYS, ...changes } },
          },
        },
      },
      "alertmanager",
      3,
    );
  const AT = "alertmanager.teams.platform.hours.warning";

  it("are accepted where tickets go to a chat or by e-mail", () => {
    expect(problems({})).toEqual([]);
    expect(problems({}, ["safety-net"])).toEqual([]);
  });

  it.each([
    [{ from: "17:00", to: "09:00" }, `${AT}.to`, '"09:00", which is not later than 17:00'],
    [{ days: ["monday", "monday"] }, `${AT}.days[1]`, '"monday" a second time'],
    [{ timezone: "Europe/Atlantis" }, `${AT}.timezone`, '"Europe/Atlantis"'],
    [{ timezone: "Europe/BERLIN" }, `${AT}.timezone`, '"Europe/BERLIN"'],
  ])("are refused with one problem: %j", (changes, path, found) => {
    expect(problems(changes)).toEqual([expect.objectContaining({ path, found })]);
  });

  it("are refused for receivers whose incidents would never end", () => {
    for (const name of ["platform-pager", "shop-hook"])
      expect(problems({}, [name])).toEqual([
        expect.objectContaining({
          path: AT,
          found: expect.stringContaining(`hours for the receiver "${name}"`),
        }),
      ]);
  });

  it("say that pages have none, and nothing else", () => {
    const settings = {
      ...SETTINGS,
      teams: { ...SETTINGS.teams, shop: { ...SETTINGS.teams["shop"], hours: { critical: WORKDAYS } } },
    };
    expect(validate(alertmanagerSettings, settings, "alertmanager")).toEqual({
      ok: false,
      problems: [
        {
          path: "alertmanager.teams.shop.hours.critical",
          found: expect.any(String),
          allowed: "nothing: a critical alert pages at every hour. An alert that can wait is a warning",
          fix: expect.any(String),
        },
      ],
    });
  });
});

// Time intervals know no seconds, so the hours change with the configuration: none of today's, then all of them.
describe("a ticket outside its hours, in the Alertmanager that is deployed", () => {
  const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
  /** A day that is neither today nor tomorrow, should midnight pass. */
  const other = DAYS[(new Date().getUTCDay() + 3) % 7] ?? "sunday";
  const config = (days: WorkingHours["days"]) =>
    renderAlertmanagerConfig(withHours({ days, from: "00:00", to: "24:00", timezone: "UTC" }), "prod");
  const [open, closed] = [config([...DAYS]), config([other])];
  /** A group waits for one second and is looked at again after five. */
  const FACTOR = 120;
  const TWO_LOOKS = 11_000;

  let paging: Paging;
  beforeAll(async () => {
    paging = await startPaging(open, FACTOR);
  });
  afterAll(() => paging?.stop());

  const ticket = (alertname: string, severity = "warning") => ({
    alertname,
    cluster: "prod",
    severity,
    team: "platform",
  });
  const told = (alertname: string) =>
    paging.sink.notifications.filter(({ title }) => title.includes(alertname)).map(({ state }) => state);

  it("is sent when the hours begin if it still fires, and nobody is told of an end outside them", async () => {
    await paging.post("firing", ticket("EndsLater"));
    await until(async () => told("EndsLater").length > 0, 20);

    await paging.reload(closed);
    await paging.post("resolved", ticket("EndsLater"));
    await paging.post("firing", ticket("Held"), ticket("Brief"), ticket("Page", "critical"));
    await until(async () => told("Page").length > 0, 20);
    await paging.post("resolved", ticket("Brief"));
    await new Promise((resolve) => setTimeout(resolve, TWO_LOOKS));
    expect([told("Held"), told("Brief"), told("EndsLater")]).toEqual([[], [], ["firing"]]);

    await paging.reload(open);
    await until(async () => told("Held").length > 0, 20);
    await paging.post("resolved", ticket("Held"));
    await until(async () => told("Held").length > 1, 20);
    expect([told("Held"), told("Brief")]).toEqual([["firing", "resolved"], []]);
  });
});

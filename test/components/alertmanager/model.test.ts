import { describe, expect, it } from "vitest";
import {
  type AlertmanagerSettings,
  alertmanagerProblems,
  alertmanagerSecrets,
} from "../../../components/alertmanager/model.ts";
import { SETTINGS } from "./settings.ts";

function problems(changes: Partial<AlertmanagerSettings>, zones = 3) {
  return alertmanagerProblems({ ...SETTINGS, ...changes }, "alertmanager", zones);
}

function paths(changes: Partial<AlertmanagerSettings>, zones = 3) {
  return problems(changes, zones).map(({ path }) => path);
}

describe("the rules between fields of the alerting settings", () => {
  it("accept settings in which everything named is defined and everything defined is used", () => {
    expect(problems({})).toEqual([]);
  });

  it("refuse a receiver that a team names and nobody defines, and offer the one that was meant", () => {
    const teams = {
      ...SETTINGS.teams,
      shop: { critical: ["shop-pager", "shop-hook"], warning: ["shop-hok"] },
    };
    expect(problems({ teams })).toEqual([
      expect.objectContaining({
        path: "alertmanager.teams.shop.warning[0]",
        found: 'the receiver "shop-hok", which is not defined',
        fix: "write shop-hook",
      }),
    ]);
  });

  it("refuse a fallback and a heartbeat that are not defined", () => {
    expect(paths({ fallback: "nobody" })).toContain("alertmanager.fallback");
    expect(paths({ heartbeat: { receiver: "nobody", interval: "1m" } })).toContain(
      "alertmanager.heartbeat.receiver",
    );
  });

  it("do not take what every JavaScript object has for a receiver", () => {
    expect(paths({ fallback: "constructor" })).toContain("alertmanager.fallback");
    expect(paths({ heartbeat: { receiver: "constructor", interval: "1m" } })).toContain(
      "alertmanager.heartbeat.receiver",
    );
  });

  it("refuse a receiver that nothing leads to", () => {
    const receivers = { ...SETTINGS.receivers, forgotten: SETTINGS.receivers["shop-pager"] } as never;
    expect(problems({ receivers })).toEqual([
      expect.objectContaining({
        path: "alertmanager.receivers.forgotten",
        fix: "name it in a team's routes, or remove it",
      }),
    ]);
  });

  it("refuse a receiver with the name of the one that drops", () => {
    const receivers = { ...SETTINGS.receivers, null: SETTINGS.receivers["shop-pager"] } as never;
    expect(paths({ receivers, fallback: "null" })).toContain("alertmanager.receivers.null");
  });

  it("refuse the same receiver twice in one list", () => {
    const teams = {
      ...SETTINGS.teams,
      shop: { critical: ["shop-pager", "shop-pager"], warning: ["shop-hook"] },
    };
    expect(problems({ teams })).toEqual([
      expect.objectContaining({
        path: "alertmanager.teams.shop.critical[1]",
        found: '"shop-pager" a second time',
      }),
    ]);
  });

  it("refuse to notify no team at all", () => {
    expect(paths({ teams: {} })).toContain("alertmanager.teams");
  });

  it("refuse a person as dead man's switch", () => {
    expect(problems({ heartbeat: { receiver: "shop-pager", interval: "1m" } })).toContainEqual(
      expect.objectContaining({
        path: "alertmanager.heartbeat.receiver",
        found: '"shop-pager", of type pagerduty',
      }),
    );
  });

  it("refuse a dead man's switch that alerts would keep alive", () => {
    expect(problems({ heartbeat: { receiver: "shop-hook", interval: "1m" } })).toContainEqual(
      expect.objectContaining({
        path: "alertmanager.heartbeat.receiver",
        found: '"shop-hook", which alertmanager.teams.shop.critical[1] names too',
      }),
    );
  });

  it("refuse more members than zones, and take an even number of them", () => {
    expect(problems({ replicas: 3 }, 2)).toEqual([
      expect.objectContaining({ path: "alertmanager.replicas", fix: "write 2, or add zones" }),
    ]);
    expect(problems({ replicas: 2 }, 2)).toEqual([]);
  });

  it("refuse a mail user without a password, and a password without a user", () => {
    const mail = SETTINGS.receivers["safety-net"] as Record<string, unknown>;
    const without = (field: string) => {
      const { [field]: _, ...rest } = mail;
      return { ...SETTINGS.receivers, "safety-net": rest } as never;
    };
    expect(paths({ receivers: without("passwordSecret") })).toEqual([
      "alertmanager.receivers.safety-net.passwordSecret",
    ]);
    expect(paths({ receivers: without("username") })).toEqual(["alertmanager.receivers.safety-net.username"]);
  });

  it("refuse an address that no machine can have", () => {
    const mail = { ...SETTINGS.receivers["safety-net"], smarthost: "smtp.example.com:99999" };
    expect(paths({ receivers: { ...SETTINGS.receivers, "safety-net": mail } as never })).toEqual([
      "alertmanager.receivers.safety-net.smarthost",
    ]);
    const hook = { type: "local-webhook", url: "http://localhost:99999/heartbeat" };
    expect(paths({ receivers: { ...SETTINGS.receivers, "dead-mans-switch": hook } as never })).toEqual([
      "alertmanager.receivers.dead-mans-switch.url",
    ]);
  });

  it("list everything that is wrong at once", () => {
    expect(paths({ replicas: 5, fallback: "nobody", teams: {} }, 3).length).toBeGreaterThan(3);
  });
});

describe("the secrets of the receivers", () => {
  it("are named with the field that names them, and local webhooks have none", () => {
    expect(alertmanagerSecrets(SETTINGS, "alertmanager")).toEqual([
      { name: "platformPagerdutyKey", path: "alertmanager.receivers.platform-pager.routingKeySecret" },
      { name: "platformSlackUrl", path: "alertmanager.receivers.platform-chat.webhookUrlSecret" },
      { name: "shopPagerdutyKey", path: "alertmanager.receivers.shop-pager.routingKeySecret" },
      { name: "shopHookUrl", path: "alertmanager.receivers.shop-hook.urlSecret" },
      { name: "smtpPassword", path: "alertmanager.receivers.safety-net.passwordSecret" },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { alertmanagerProblems, workloadOwners } from "../../../components/alertmanager/model.ts";
import { SETTINGS } from "./settings.ts";

type Namespaces = Readonly<Record<string, readonly string[]>>;

/** The settings with namespaces in the teams that are named. */
function withNamespaces(namespaces: Namespaces) {
  const teams = Object.entries(SETTINGS.teams).map(([team, routes]) => [
    team,
    { ...routes, ...(namespaces[team] && { namespaces: [...namespaces[team]] }) },
  ]);
  return { ...SETTINGS, teams: Object.fromEntries(teams) as typeof SETTINGS.teams };
}

const service = (namespace: string, owner: string) => ({ namespace, owner });

describe("the owner of a namespace", () => {
  it("is the team whose services run in it, and the platform's for every other", () => {
    const owners = workloadOwners(SETTINGS, "platform", [
      service("shop", "shop"),
      service("shop", "shop"),
      service("tools", "platform"),
    ]);
    expect(owners).toEqual({ owner: "platform", namespaces: { shop: "shop" }, shared: {} });
  });

  it("is the platform's where services of two teams run, and the namespace is listed", () => {
    const owners = workloadOwners(SETTINGS, "platform", [
      service("shared", "shop"),
      service("shared", "platform"),
    ]);
    expect(owners).toEqual({ owner: "platform", namespaces: {}, shared: { shared: ["platform", "shop"] } });
  });

  it("is the team that the settings name, whatever services run there", () => {
    const services = [service("shared", "shop"), service("shared", "platform"), service("tools", "shop")];
    const settings = withNamespaces({ shop: ["shared", "databases"], platform: ["tools"] });
    expect(workloadOwners(settings, "platform", services)).toEqual({
      owner: "platform",
      namespaces: { databases: "shop", shared: "shop" },
      shared: {},
    });
  });

  it("is the platform's for its own namespaces, unless the settings say otherwise", () => {
    const services = [service("kube-system", "shop"), service("monitoring", "shop")];
    expect(workloadOwners(SETTINGS, "platform", services).namespaces).toEqual({});
    const settings = withNamespaces({ shop: ["kube-system"] });
    expect(workloadOwners(settings, "platform", services).namespaces).toEqual({ "kube-system": "shop" });
  });

  it("is one team: a namespace of two teams and one that is listed twice are refused", () => {
    const problems = (namespaces: Namespaces) =>
      alertmanagerProblems(withNamespaces(namespaces), "environment.alertmanager", 3);
    expect(problems({ platform: ["tools"], shop: ["shop"] })).toEqual([]);
    expect(problems({ platform: ["shop"], shop: ["a", "shop", "a"] })).toEqual([
      {
        path: "environment.alertmanager.teams.shop.namespaces[1]",
        found: '"shop", which team platform owns',
        allowed: "each namespace once, as the namespace of one team",
        fix: "remove it here or from alertmanager.teams.platform.namespaces",
      },
      {
        path: "environment.alertmanager.teams.shop.namespaces[2]",
        found: '"a", which the list has already',
        allowed: "each namespace once, as the namespace of one team",
        fix: "remove it",
      },
    ]);
  });
});

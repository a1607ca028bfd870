import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { Alertmanager, type AlertmanagerArgs } from "../../../components/alertmanager/component.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { type Recording, record } from "../../support/pulumi-mocks.ts";
import { CLUSTER, ENVIRONMENT, SETTINGS } from "./settings.ts";

const RESOURCE = "kubernetes:monitoring.coreos.com/v1:Alertmanager";

const SECRETS = {
  platformPagerdutyKey: "value-1",
  platformSlackUrl: "value-2",
  shopPagerdutyKey: "value-3",
  shopHookUrl: "value-4",
  smtpPassword: "value-5",
};

function args(changes: Partial<AlertmanagerArgs> = {}): AlertmanagerArgs {
  const secrets = Object.fromEntries(
    Object.entries(SECRETS).map(([name, value]) => [name, pulumi.secret(value)]),
  );
  return {
    settings: SETTINGS,
    environment: ENVIRONMENT,
    cluster: CLUSTER,
    secrets,
    protectData: true,
    ...changes,
  };
}

function recordingOf(changes: Partial<AlertmanagerArgs> = {}): Promise<Recording> {
  return record(() => {
    new Alertmanager("alertmanager", args(changes));
  });
}

let production: Recording;
beforeAll(async () => {
  production = await recordingOf();
});

describe("the component Alertmanager", () => {
  it("registers what it is made of under stable names", () => {
    expect(production.all.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "bellwether:alertmanager:Alertmanager alertmanager",
      "kubernetes:core/v1:ConfigMap alertmanager-templates",
      "kubernetes:core/v1:Secret alertmanager-config",
      "kubernetes:core/v1:Secret alertmanager-credentials",
      "kubernetes:core/v1:Service alertmanager-service",
      "kubernetes:core/v1:ServiceAccount alertmanager-service-account",
      "kubernetes:monitoring.coreos.com/v1:Alertmanager alertmanager",
      "kubernetes:policy/v1:PodDisruptionBudget alertmanager-disruption-budget",
    ]);
  });

  it("makes everything a child of itself", () => {
    const parent = "bellwether:alertmanager:Alertmanager alertmanager";
    for (const resource of production.all.filter(({ type }) => !type.startsWith("bellwether:")))
      expect(resource.parent).toBe(parent);
  });

  it("leaves the volumes that exist as they are: bellwether grow-volumes changes them", () => {
    expect(production.the(RESOURCE, "alertmanager").ignoreChanges).toEqual(["spec.storage"]);
  });

  it("protects what keeps the silences, in production alone", async () => {
    expect(production.the(RESOURCE, "alertmanager").protect).toBe(true);
    expect((await recordingOf({ protectData: false })).the(RESOURCE, "alertmanager").protect).toBe(false);
  });

  it("starts the server after its configuration and credentials", () => {
    expect(production.the(RESOURCE, "alertmanager").dependsOn).toEqual(
      expect.arrayContaining([
        "kubernetes:core/v1:Secret alertmanager-config",
        "kubernetes:core/v1:Secret alertmanager-credentials",
        "kubernetes:core/v1:ConfigMap alertmanager-templates",
      ]),
    );
  });

  it("hands credentials to one Secret, as secrets, and to nothing else", () => {
    const { inputs } = production.the("kubernetes:core/v1:Secret", "alertmanager-credentials");
    expect(JSON.stringify(inputs)).toContain("value-1");
    const others = production.all.filter(({ name }) => name !== "alertmanager-credentials");
    for (const value of Object.values(SECRETS)) expect(JSON.stringify(others)).not.toContain(value);
  });

  it("makes no Secret for credentials that nobody needs", async () => {
    const sink = (path: string) => ({ type: "local-webhook", url: `http://localhost:9095/${path}` }) as const;
    const settings = {
      ...SETTINGS,
      receivers: { sink: sink("alerts"), switch: sink("heartbeat") },
      fallback: "sink",
      teams: { platform: { critical: ["sink"], warning: ["sink"] } },
      heartbeat: { receiver: "switch", interval: "5m" } as const,
    };
    const local = await recordingOf({ settings, secrets: {} });
    expect(local.all.map(({ name }) => name)).not.toContain("alertmanager-credentials");
  });

  it("refuses settings with mistakes and secrets without values, all at once", () => {
    const { smtpPassword: _, ...secrets } = SECRETS;
    const make = () => new Alertmanager("x", args({ settings: { ...SETTINGS, replicas: 5 }, secrets }));
    expect(make).toThrow(InvalidInputError);
    expect(make).toThrow(/settings\.replicas[\s\S]*pulumi config set --secret bellwether:smtpPassword/);
  });
});

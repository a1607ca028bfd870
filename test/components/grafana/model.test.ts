import { describe, expect, it } from "vitest";
import {
  type GrafanaSettings,
  grafanaProblems,
  grafanaSecrets,
  grafanaSettings,
  grafanaUrl,
} from "../../../components/grafana/model.ts";
import { EXISTING, IN_CLUSTER } from "./samples.ts";

const PATH = "environment.grafana";

describe("the settings of Grafana", () => {
  it.each([IN_CLUSTER, EXISTING])("are accepted as $kind", (settings) => {
    expect(grafanaSettings.parse(settings)).toEqual(settings);
    expect(grafanaProblems(settings, PATH)).toEqual([]);
  });

  it.each<[string, GrafanaSettings, string[]]>([
    ["a volume too small for a database", { ...IN_CLUSTER, volume: "900Mi" }, [`${PATH}.volume`]],
    ["a volume with a digit too many", { ...IN_CLUSTER, volume: "2Ti" }, [`${PATH}.volume`]],
    [
      "a Grafana below a path",
      { ...IN_CLUSTER, externalUrl: "https://ops.example.com/grafana" },
      [`${PATH}.externalUrl`],
    ],
    [
      "one URL for two servers",
      { ...EXISTING, alertmanagerUrl: EXISTING.prometheusUrl },
      [`${PATH}.alertmanagerUrl`],
    ],
    [
      "one URL for all",
      { ...EXISTING, prometheusUrl: EXISTING.url, alertmanagerUrl: EXISTING.url },
      [`${PATH}.prometheusUrl`, `${PATH}.alertmanagerUrl`],
    ],
    [
      "two mistakes at once",
      { ...IN_CLUSTER, volume: "1Mi", externalUrl: "https://a.example.com/b" },
      [`${PATH}.volume`, `${PATH}.externalUrl`],
    ],
  ])("are refused for %s", (_, settings, paths) => {
    const problems = grafanaProblems(settings, PATH);
    expect(problems.map(({ path }) => path)).toEqual(paths);
    for (const { found, allowed, fix } of problems) expect([found, allowed, fix].every(Boolean)).toBe(true);
  });

  it("name the secrets of each kind, and where they name them", () => {
    expect(grafanaSecrets(IN_CLUSTER, PATH)).toEqual([
      { name: "grafanaAdminPassword", path: `${PATH}.adminPasswordSecret` },
      { name: "grafanaSecretKey", path: `${PATH}.secretKeySecret` },
    ]);
    expect(grafanaSecrets(EXISTING, PATH)).toEqual([{ name: "grafanaToken", path: `${PATH}.tokenSecret` }]);
  });

  it("say where people open it, if anywhere", () => {
    const { externalUrl: _, ...hidden } = IN_CLUSTER;
    expect(grafanaUrl(IN_CLUSTER)).toBe("https://grafana.staging.example.com");
    expect(grafanaUrl(hidden)).toBeUndefined();
    expect(grafanaUrl(EXISTING)).toBe("https://grafana.example.com");
  });
});

import { describe, expect, it } from "vitest";
import type { AlertmanagerSettings } from "../../../components/alertmanager/model.ts";
import { credentialsSecret, renderAlertmanager } from "../../../components/alertmanager/render.ts";
import { overview } from "../../../components/grafana/dashboards/overview.ts";
import { FIRING_ALERTS, panelId } from "../../../components/signals/panels.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { CLUSTER, ENVIRONMENT, SETTINGS } from "./settings.ts";

function objects(changes: Partial<AlertmanagerSettings> = {}, zones = 3) {
  return renderAlertmanager({
    settings: { ...SETTINGS, ...changes },
    environment: ENVIRONMENT,
    cluster: { ...CLUSTER, zones },
  });
}

describe("Alertmanager's objects", () => {
  it("are valid, with no field that Kubernetes or the operator does not know", () => {
    const { alertmanager, before, after } = objects({ externalUrl: "https://alertmanager.example.com" });
    for (const object of [
      alertmanager,
      credentialsSecret({}),
      ...Object.values(before),
      ...Object.values(after),
    ])
      expect({ kind: object.kind, problems: strictProblems(object) }).toEqual({
        kind: object.kind,
        problems: [],
      });
  });

  it("put no two members on one node or, within a count of one, in one zone", () => {
    const pods = { "app.kubernetes.io/name": "alertmanager", "app.kubernetes.io/instance": "main" };
    const { spec } = objects().alertmanager;
    expect(spec?.replicas).toBe(3);
    expect(spec?.topologySpreadConstraints).toEqual([
      {
        labelSelector: { matchLabels: pods },
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
      },
    ]);
    expect(
      spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map(
        ({ topologyKey }) => topologyKey,
      ),
    ).toEqual(["kubernetes.io/hostname"]);
    expect(objects().after["disruption-budget"]?.spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: pods },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
    expect(objects({ replicas: 1 }).after).not.toHaveProperty("disruption-budget");
    expect(objects().after.service.spec?.selector).toEqual(pods);
  });

  it("ask a cluster whose nodes name no zones for none", () => {
    expect(objects({ replicas: 1 }, 1).alertmanager.spec?.topologySpreadConstraints).toBeUndefined();
    expect(objects({ replicas: 1 }, 1).alertmanager.spec?.affinity).toBeUndefined();
  });

  it("give the retention in hours, as Alertmanager knows no days", () => {
    expect(objects().alertmanager.spec?.retention).toBe("120h");
  });

  it("keep silences on volumes that outlive the pods", () => {
    const { spec } = objects().alertmanager;
    expect(spec?.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    expect(spec?.storage?.volumeClaimTemplate?.spec).toMatchObject({
      storageClassName: "gp3-encrypted",
      resources: { requests: { storage: "5Gi" } },
    });
  });

  it("run within the restricted pod-security level, without a token for the API", () => {
    const { spec } = objects().alertmanager;
    expect(spec?.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(spec?.automountServiceAccountToken).toBe(false);
    expect(objects().before["service-account"].automountServiceAccountToken).toBe(false);
  });

  it("leave routing to one tree: no other program's configuration is merged in", () => {
    expect(objects().alertmanager.spec).not.toHaveProperty("alertmanagerConfigSelector");
    expect(objects().alertmanager.spec).not.toHaveProperty("alertmanagerConfiguration");
  });

  it("mount the templates where the configuration looks for them", () => {
    const { alertmanager, before } = objects();
    const name = before.templates.metadata?.name ?? "";
    expect(alertmanager.spec?.configMaps).toEqual([name]);
    expect(before.config.stringData?.["alertmanager.yaml"]).toContain(
      `/etc/alertmanager/configmaps/${name}/*.tmpl`,
    );
    expect(Object.keys(before.templates.data ?? {})).toEqual(["bellwether.tmpl"]);
  });

  it("link to all alerts where the reader can open them: Alertmanager, else Grafana, else nowhere", () => {
    const grafana = { url: "https://grafana.example.com", environment: ENVIRONMENT };
    const textsOf = (settings: Partial<AlertmanagerSettings>, more: object = {}) =>
      renderAlertmanager({
        settings: { ...SETTINGS, ...settings },
        environment: ENVIRONMENT,
        cluster: CLUSTER,
        ...more,
      }).before.templates.data?.["bellwether.tmpl"];
    const { panel } = FIRING_ALERTS;
    const lists = overview(ENVIRONMENT).sections.flatMap(({ lines }) =>
      lines.flatMap(({ things }) => things),
    );
    expect(lists.filter((thing) => "key" in thing && thing.key === panel)).toHaveLength(1);
    const onGrafana = "All alerts: https://grafana.example.com/d/bellwether-overview-prod?viewPanel=";
    expect(textsOf({}, { grafana })).toContain(`${onGrafana}${panelId(panel)}{{ end }}`);
    expect(textsOf({ externalUrl: "https://alertmanager.example.com" }, { grafana })).toContain(
      "All alerts: {{ .ExternalURL }}/#/alerts?filter=",
    );
    expect(textsOf({})).toContain('{{ define "bellwether.list" }}{{ end }}');
  });

  it("mount credentials only where a receiver needs one", () => {
    expect(objects().alertmanager.spec?.secrets).toEqual(["alertmanager-credentials"]);
    const open = {
      receivers: { sink: { type: "local-webhook", url: "http://localhost:9095/" } } as const,
      fallback: "sink",
    };
    expect(objects(open).alertmanager.spec).not.toHaveProperty("secrets");
  });
});

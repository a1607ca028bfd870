import type { IStatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dashboardsIn, renderContent } from "../../../components/grafana/content.ts";
import { renderDashboardConfigMap } from "../../../components/grafana/dashboard-config-map.ts";
import { renderInCluster, secretData, withSecretVolumes } from "../../../components/grafana/render.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { IN_CLUSTER, IN_CLUSTER_ARGS } from "./samples.ts";

const objects = renderInCluster(IN_CLUSTER_ARGS);
/** As it is sent, with a name for each Secret that gets one from the provider. */
const sent = withSecretVolumes(objects.grafana, {
  secretKey: "grafana-secret-key-1a2b3c4d",
}) as IStatefulSet;
const pod = required(sent.spec?.template);
const containers = pod.spec?.containers ?? [];
const [grafana, sidecar] = containers.map(required);
const configuration = required(objects.before.configuration.data);

function required<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error("it should be there");
  return value;
}

describe("Grafana on the cluster", () => {
  const { adminSecret, keySecret, before, after, ingress, dashboards } = objects;
  const all = [
    sent,
    adminSecret,
    keySecret,
    ...[before, after, ingress, dashboards].flatMap((some) => Object.values(some)),
  ];

  it.each(all.map((object) => [`${object.kind} ${object.metadata?.name}`, object]))(
    "is made of objects that Kubernetes' own schemas accept, without an unknown field: %s",
    (_, object) => {
      expect(strictProblems(object)).toEqual([]);
    },
  );

  it("runs once, with a volume of the cluster's class that outlives it", () => {
    expect(objects.grafana.spec).toMatchObject({
      replicas: 1,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        { spec: { storageClassName: "gp3-encrypted", resources: { requests: { storage: "10Gi" } } } },
      ],
    });
  });

  it("passes the restricted pod-security level and cannot write to its images", () => {
    expect(pod.spec?.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 472,
      fsGroup: 472,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const { securityContext } of containers)
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
  });

  it("can write exactly where it has to", () => {
    const writable = (container: typeof grafana) =>
      (container?.volumeMounts ?? []).filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath);
    expect(writable(grafana)).toEqual(["/var/lib/grafana", "/tmp"]);
    expect(writable(sidecar)).toEqual(["/var/lib/grafana-dashboards", "/tmp"]);
  });

  it("mounts every volume that it declares, and declares every volume that it mounts", () => {
    const mounted = containers.flatMap(({ volumeMounts }) => (volumeMounts ?? []).map(({ name }) => name));
    const declared = [
      ...(pod.spec?.volumes ?? []).map(({ name }) => name),
      ...(objects.grafana.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name),
    ];
    expect(new Set(mounted)).toEqual(new Set(declared));
  });

  it("gives the API server's token to the sidecar alone, and to it no more than reading ConfigMaps here", () => {
    const token = (container: typeof grafana) =>
      (container?.volumeMounts ?? []).some(({ name }) => name === "api-token");
    expect(pod.spec?.automountServiceAccountToken).toBe(false);
    expect([token(grafana), token(sidecar)]).toEqual([false, true]);
    expect(objects.before.role.metadata?.namespace).toBe("monitoring");
    expect(objects.before.role.rules).toEqual([
      { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
    ]);
    expect(objects.before["role-binding"].subjects).toEqual([
      { kind: "ServiceAccount", name: pod.spec?.serviceAccountName, namespace: "monitoring" },
    ]);
  });

  it("asks for resources, limits memory to what it asks for, and leaves CPU unlimited", () => {
    for (const { resources } of containers) {
      expect(Object.keys(resources?.requests ?? {})).toEqual(["cpu", "memory"]);
      expect(resources?.limits).toEqual({ memory: resources?.requests?.["memory"] });
    }
  });

  it("asks another question to know whether it lives than whether it is ready", () => {
    expect(grafana?.livenessProbe?.httpGet?.path).toBe("/healthz");
    expect(grafana?.readinessProbe?.httpGet?.path).toBe("/api/health");
    expect(grafana?.startupProbe).toBeDefined();
    for (const { ports = [], livenessProbe, readinessProbe, startupProbe } of containers)
      for (const probe of [livenessProbe, readinessProbe, startupProbe])
        expect(ports.map(({ name }) => name)).toContain(probe?.httpGet?.port);
  });

  it("is found by its Service under the name of its port", () => {
    const { spec, metadata } = objects.after.service;
    expect(metadata?.labels?.["app.kubernetes.io/name"]).toBe("grafana");
    expect(spec?.ports).toEqual([{ name: "http", port: 3000, targetPort: "http", protocol: "TCP" }]);
    expect(pod.metadata?.labels).toMatchObject(required(spec?.selector));
    expect(required(objects.grafana.spec?.selector.matchLabels)).toEqual(spec?.selector);
  });

  it("lets people in where it has an external URL, and leaves the namespace shut where it has none", () => {
    const policy = objects.ingress["network-policy"];
    expect(policy?.spec?.podSelector?.matchLabels).toEqual(objects.after.service.spec?.selector);
    expect(policy?.spec?.ingress).toEqual([{ ports: [{ port: 3000, protocol: "TCP" }] }]);
    const { externalUrl: _, ...hidden } = IN_CLUSTER;
    expect(renderInCluster({ ...IN_CLUSTER_ARGS, settings: hidden }).ingress).toEqual({});
  });

  it("restarts for a changed data source or setting, and for nothing else", () => {
    const checksum = (changes: Partial<typeof IN_CLUSTER_ARGS>) =>
      renderInCluster({ ...IN_CLUSTER_ARGS, ...changes }).grafana.spec?.template.metadata?.annotations?.[
        "checksum/configuration"
      ];
    const now = checksum({});
    expect(now).toMatch(/^[0-9a-f]{64}$/);
    expect(checksum({ scrapeInterval: "60s" })).not.toBe(now);
    expect(checksum({ settings: { ...IN_CLUSTER, externalUrl: "https://other.example.com" } })).not.toBe(now);
    expect(checksum({ alerts: { runbookBaseUrl: "https://other.example.com", overrides: {} } })).toBe(now);
  });

  it("mounts each file of its configuration where Grafana looks for it", () => {
    const items = pod.spec?.volumes?.find(({ name }) => name === "configuration")?.configMap?.items ?? [];
    expect(Object.fromEntries(items.map(({ key, path }) => [key, path]))).toEqual({
      "grafana.ini": "grafana.ini",
      "data-sources.yaml": "provisioning/datasources/data-sources.yaml",
      "dashboard-providers.yaml": "provisioning/dashboards/dashboard-providers.yaml",
    });
    expect(items.map(({ key }) => key).sort()).toEqual(Object.keys(configuration).sort());
  });

  it("knows both servers, asks Prometheus first, and learns the scrape interval", () => {
    const { datasources, prune } = parse(required(configuration["data-sources.yaml"]));
    expect(prune).toBe(true);
    expect(datasources).toMatchObject([
      {
        uid: "bellwether-prometheus-prod",
        type: "prometheus",
        url: "http://prometheus.monitoring.svc:9090",
        isDefault: true,
        editable: false,
        jsonData: { timeInterval: "30s", alertmanagerUid: "bellwether-alertmanager-prod" },
      },
      {
        uid: "bellwether-alertmanager-prod",
        type: "alertmanager",
        url: "http://alertmanager.monitoring.svc:9093",
        isDefault: false,
      },
    ]);
  });

  it("lets nobody in who is not invited, and tells nobody outside that it exists", () => {
    const sections = iniSections(required(configuration["grafana.ini"]));
    expect(sections).toMatchObject({
      security: { cookie_secure: "true", disable_gravatar: "true", strict_transport_security: "true" },
      users: { allow_sign_up: "false", allow_org_create: "false" },
      "auth.anonymous": { enabled: "false" },
      analytics: {
        reporting_enabled: "false",
        check_for_updates: "false",
        check_for_plugin_updates: "false",
      },
      plugins: { preinstall_disabled: "true", preinstall_auto_update: "false" },
      snapshots: { external_enabled: "false" },
      metrics: { enabled: "true" },
      server: { root_url: "https://grafana.staging.example.com/" },
    });
  });

  it("takes the admin's password and its own key from mounted files and holds them nowhere else", () => {
    const security = iniSections(required(configuration["grafana.ini"]))["security"];
    const mount = grafana?.volumeMounts?.find(({ name }) => name === "secrets");
    expect(security?.["admin_password"]).toBe(`$__file{${mount?.mountPath}/admin-password}`);
    expect(security?.["secret_key"]).toBe(`$__file{${mount?.mountPath}/secret-key}`);
    expect(secretData("the password", "the key")).toEqual({
      admin: { "admin-password": "the password" },
      key: { "secret-key": "the key" },
    });
    const volume = pod.spec?.volumes?.find(({ name }) => name === "secrets");
    expect(volume).toMatchObject({
      projected: {
        sources: [
          { secret: { name: objects.adminSecret.metadata?.name } },
          { secret: { name: "grafana-secret-key-1a2b3c4d" } },
        ],
      },
    });
    for (const secret of [objects.adminSecret, objects.keySecret])
      expect(secret).not.toHaveProperty("stringData");
  });

  it("has what Grafana reads at each start in Secrets that are replaced, and the password in one that is changed", () => {
    expect(objects.keySecret.immutable).toBe(true);
    expect(objects.keySecret.metadata).not.toHaveProperty("name");
    expect(objects.adminSecret).not.toHaveProperty("immutable");
    expect(objects.adminSecret.metadata?.name).toBe("grafana-admin");
  });
});

function iniSections(text: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    text
      .split(/^\[/m)
      .slice(1)
      .map((section) => {
        const [name = "", ...lines] = section.trim().split("\n");
        return [name.slice(0, -1), Object.fromEntries(lines.map((line) => line.split(" = ")))];
      }),
  );
}

describe("a dashboard as a ConfigMap", () => {
  const dashboards = dashboardsIn(renderContent(IN_CLUSTER_ARGS)).map(({ json }) => json);

  it("carries what the sidecar looks for, under the label and annotation that it is told", () => {
    const env = Object.fromEntries((sidecar?.env ?? []).map(({ name, value }) => [name, value]));
    for (const { metadata, data } of Object.values(objects.dashboards)) {
      expect(metadata?.labels?.[required(env["LABEL"])]).toBe(env["LABEL_VALUE"]);
      expect(["Bellwether (prod)", "Team shop (prod)"]).toContain(
        metadata?.annotations?.[required(env["FOLDER_ANNOTATION"])],
      );
      expect(Object.keys(data ?? {})).toHaveLength(1);
    }
    const { providers } = parse(required(configuration["dashboard-providers.yaml"]));
    expect(providers[0].options.path).toBe(env["FOLDER"]);
  });

  it("holds the dashboard unchanged", () => {
    const held = Object.values(objects.dashboards).map(({ data }) =>
      JSON.parse(Object.values(data ?? {})[0] ?? ""),
    );
    expect(held).toEqual(dashboards);
  });

  it("refuses a dashboard that no ConfigMap holds, and says by how much", () => {
    const [dashboard] = dashboards.map(required);
    const large = { ...required(dashboard), description: "x".repeat(1_048_576) };
    expect(() => renderDashboardConfigMap(large, "monitoring", "Bellwether")).toThrow(
      /bellwether-overview-prod has \d{7} bytes and a ConfigMap can have 1048576/,
    );
  });

  it("gets a name that Kubernetes takes, whatever Grafana takes as a uid", () => {
    const odd = { ...required(dashboards[0]), uid: "Team_Dashboard" };
    expect(renderDashboardConfigMap(odd, "monitoring", "Team").metadata?.name).toBe(
      "grafana-dashboard-team-dashboard",
    );
  });
});

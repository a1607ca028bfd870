import { describe, expect, it } from "vitest";
import { bytes } from "../../../components/core/quantity.ts";
import { VERSIONS } from "../../../components/core/versions.ts";
import { renderPrometheus, renderServerObjects } from "../../../components/prometheus/server.ts";
import { LOCAL, PRODUCTION, resolved } from "./samples.ts";

const production = renderPrometheus(resolved(PRODUCTION)).spec;
const local = renderPrometheus(resolved(LOCAL)).spec;

describe("the Prometheus resource", () => {
  it("runs the version that the tests run", () => {
    expect(production.version).toBe(`v${VERSIONS.prometheus}`);
    expect(production.image).toMatch(new RegExp(`:v${VERSIONS.prometheus}$`));
  });

  it("selects monitors, probes, rules and scrape configurations of every namespace and label", () => {
    for (const object of ["serviceMonitor", "podMonitor", "probe", "rule", "scrapeConfig"] as const) {
      expect(production[`${object}Selector`]).toEqual({});
      expect(production[`${object}NamespaceSelector`]).toEqual({});
    }
  });

  it("puts each replica into a zone and onto a node of its own", () => {
    expect(production.replicas).toBe(2);
    const pods = {
      matchLabels: { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": "prometheus" },
    };
    expect(production.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: pods,
      },
    ]);
    expect(production.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
      { topologyKey: "kubernetes.io/hostname", labelSelector: pods },
    ]);
  });

  it("asks a single replica for no zone, because a laptop's nodes name none", () => {
    expect(local.topologySpreadConstraints).toBeUndefined();
    expect(local.affinity).toBeUndefined();
  });

  it("deletes old blocks before the volume is full", () => {
    const volume = production.storage?.volumeClaimTemplate?.spec?.resources?.requests?.["storage"];
    expect(volume).toBe("200Gi");
    expect(Number.parseInt(production.retentionSize ?? "", 10) * 2 ** 20).toBeLessThan(bytes("200Gi") * 0.85);
    expect(production.retention).toBe("30d");
  });

  it("keeps volumes when the server is scaled down or deleted, on the cluster's storage class", () => {
    expect(production.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    expect(production.storage?.volumeClaimTemplate?.spec?.storageClassName).toBe("gp3-encrypted");
    expect(local.storage?.volumeClaimTemplate?.spec?.storageClassName).toBe("standard");
  });

  it("limits memory to what it requests, and CPU not at all", () => {
    expect(production.resources).toEqual({
      requests: { cpu: "1", memory: "8Gi" },
      limits: { memory: "8Gi" },
    });
  });

  it("names the cluster and the environment on everything, and nothing else on alerts", () => {
    expect(production.externalLabels).toEqual({ cluster: "prod", environment: "prod" });
    expect(production.prometheusExternalLabelName).toBe("");
    expect(production.replicaExternalLabelName).toBeUndefined();
  });

  it("scrapes and evaluates at the same interval", () => {
    expect([production.scrapeInterval, production.evaluationInterval]).toEqual(["30s", "30s"]);
  });

  it("alerts through the Service that it is told", () => {
    const { spec } = renderPrometheus(resolved({ ...PRODUCTION, alertmanager: "pager" }));
    expect(spec.alerting?.alertmanagers).toEqual([
      { namespace: "monitoring", name: "pager", port: "web", apiVersion: "v2" },
    ]);
  });

  it("refuses monitors that read its files, and gives its token to the API server's and the kubelets' Services alone", () => {
    expect(production.arbitraryFSAccessThroughSMs).toEqual({ deny: true });
    const [kubernetes, ...others] = production.scrapeClasses ?? [];
    expect(others).toEqual([]);
    expect(kubernetes?.default).toBeUndefined();
    const [keep] = kubernetes?.relabelings ?? [];
    expect(keep?.action).toBe("keep");
    const kept = new RegExp(`^(?:${keep?.regex})$`);
    expect(["default;kubernetes", "kube-system;kubelet"].every((service) => kept.test(service))).toBe(true);
    expect(
      ["default;kubernetes-dashboard", "shop;kubelet", "kube-system;kube-dns"].some((it) => kept.test(it)),
    ).toBe(false);
  });

  it("limits what one target can bring below what the server is sized for", () => {
    expect(production.enforcedSampleLimit).toBeLessThan(PRODUCTION.settings.activeSeries);
    expect(production.enforcedLabelLimit).toBeGreaterThan(0);
  });

  it("passes the restricted pod-security level", () => {
    expect(production.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });
});

describe("what stands beside it", () => {
  it("is a disruption budget that lets one of two replicas go, and none for a single one", () => {
    const budget = renderServerObjects(resolved(PRODUCTION))["server-disruption-budget"];
    expect(budget?.spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    expect(renderServerObjects(resolved(LOCAL))).not.toHaveProperty(["server-disruption-budget"]);
  });

  it("is a Service that keeps a reader at one replica", () => {
    const { spec } = renderServerObjects(resolved(PRODUCTION))["server-service"];
    expect(spec?.sessionAffinity).toBe("ClientIP");
    expect(spec?.ports).toEqual([{ name: "web", port: 9090, targetPort: "web" }]);
  });
});

import { describe, expect, it } from "vitest";
import { platformFlows } from "../../../components/prometheus/flows.ts";
import {
  renderAmpWrite,
  renderEndpointWrite,
  renderRemoteWriteSecret,
} from "../../../components/prometheus/remote-write.ts";
import { renderMonitoring } from "../../../components/prometheus/render.ts";
import { type StoreSettings, storeSettings } from "../../../components/prometheus/store-settings.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "./samples.ts";

const TARGET = { url: "https://aps.example.com/workspaces/ws-1/api/v1/remote_write", region: "eu-central-1" };
const RECORDED = { kind: "amp", series: "recorded", retentionDays: 395 } as const;
const ALL = { ...RECORDED, series: "all" } as const;

function rendered(store: StoreSettings) {
  return renderMonitoring(resolved({ ...PRODUCTION, settings: { ...PRODUCTION_SETTINGS, store } }));
}

type Endpoint = Extract<StoreSettings, { readonly kind: "endpoint" }>;

const endpoint = (settings: object): Endpoint =>
  storeSettings.parse({
    kind: "endpoint",
    url: "https://mimir.example.com/api/v1/push",
    ...settings,
  }) as Endpoint;

function kept({ series }: Pick<Endpoint, "series">, metric: string): boolean {
  const rules = renderAmpWrite({ series }, TARGET).writeRelabelConfigs ?? [];
  return rules.every(({ regex }) => new RegExp(`^(?:${regex})$`).test(metric));
}

describe("samples that are sent on", () => {
  it("are none, where the settings say none", () => {
    expect(rendered({ kind: "none" }).prometheus.spec).not.toHaveProperty("replicaExternalLabelName");
  });

  it("are what rules record and which alerts fired, unless all are asked for", () => {
    for (const metric of ["slo:sli_errors:rate5m", "ALERTS", "up"]) expect(kept(RECORDED, metric)).toBe(true);
    for (const metric of ["http_requests_total", "ALERTS_FOR_STATE", "upstream_total"])
      expect(kept(RECORDED, metric)).toBe(false);
    expect(kept(ALL, "http_requests_total")).toBe(true);
  });

  it("are signed for their region, and make a resource that the operator's schema accepts", () => {
    const { prometheus } = rendered(ALL);
    const remoteWrite = renderAmpWrite(ALL, TARGET);
    expect(remoteWrite.sigv4).toEqual({ region: "eu-central-1" });
    expect(remoteWrite.sendNativeHistograms).toBe(true);
    const object = { ...prometheus, spec: { ...prometheus.spec, remoteWrite: [remoteWrite] } };
    expect(strictProblems(object as typeof prometheus)).toEqual([]);
  });

  it("say which replica they come from in the label that AMP deduplicates by, beside the cluster's", () => {
    const { spec } = rendered(RECORDED).prometheus;
    expect(spec.replicaExternalLabelName).toBe("__replica__");
    expect(spec.externalLabels).toHaveProperty("cluster");
  });

  it("leave by two more flows, and there are none without them", () => {
    const why = (flows: ReturnType<typeof platformFlows>) => flows.map((flow) => flow.why);
    const without = why(platformFlows());
    const added = why(platformFlows({ remoteWrite: { port: 443, podIdentity: true } })).filter(
      (reason) => !without.includes(reason),
    );
    expect(added).toEqual(["remote write", "get credentials from the node's EKS Pod Identity agent"]);
    const egress = (settings: StoreSettings) =>
      rendered(settings).networkPolicies["network-policy-prometheus"]?.spec?.egress?.flatMap(({ ports }) =>
        (ports ?? []).map(({ port }) => port),
      );
    expect(egress(RECORDED)).toContain(80);
    expect(egress({ kind: "none" })).not.toContain(80);
  });
});

describe("samples that are sent to an endpoint", () => {
  const grafanaCloud = endpoint({
    authentication: { kind: "basic", username: "123456", passwordSecret: "storeToken" },
    tenant: "shop",
    nativeHistograms: true,
  });

  it("are what rules record, with the tenant, and make a resource that the operator's schema accepts", () => {
    const sample = rendered(grafanaCloud).prometheus;
    const entry = renderEndpointWrite(grafanaCloud);
    expect(entry.writeRelabelConfigs?.map(({ action }) => action)).toEqual(["keep"]);
    expect(entry.headers).toEqual({ "X-Scope-OrgID": "shop" });
    expect(entry.sendNativeHistograms).toBe(true);
    const object = { ...sample, spec: { ...sample.spec, remoteWrite: [entry] } };
    expect(strictProblems(object as typeof sample)).toEqual([]);
    expect(sample.spec.replicaExternalLabelName).toBe("__replica__");
  });

  it("are authenticated by a Secret that has what the resource refers to, and the resource has no secret", () => {
    const bearer = endpoint({ authentication: { kind: "bearer", tokenSecret: "storeToken" }, series: "all" });
    for (const settings of [grafanaCloud, bearer]) {
      const secret = renderRemoteWriteSecret(settings, DEFAULT_NAMESPACES, "t0ken");
      const entry = renderEndpointWrite(settings);
      const references = [
        entry.basicAuth?.username,
        entry.basicAuth?.password,
        entry.authorization?.credentials,
      ];
      const named = references.filter((reference) => reference !== undefined);
      expect(named.length).toBeGreaterThan(0);
      for (const { name, key } of named) {
        expect(name).toBe(secret?.metadata?.name);
        expect(secret?.stringData).toHaveProperty(key);
      }
      expect(JSON.stringify(entry)).not.toContain("t0ken");
      expect(secret?.metadata?.namespace).toBe(rendered(settings).prometheus.metadata?.namespace);
    }
    expect(renderRemoteWriteSecret(endpoint({}), DEFAULT_NAMESPACES, "t0ken")).toBeUndefined();
  });

  it("lose the replica's label, for a store that keeps one of two samples of the same series", () => {
    const { writeRelabelConfigs } = renderEndpointWrite(endpoint({ replicaLabel: false, series: "all" }));
    expect(writeRelabelConfigs).toEqual([{ regex: "__replica__", action: "labeldrop" }]);
    expect(renderEndpointWrite(endpoint({ series: "all" }))).not.toHaveProperty("writeRelabelConfigs");
  });

  it.each([
    ["https://mimir.example.com/api/v1/push", [443], undefined],
    ["http://victoria.example.com/api/v1/write", [80], undefined],
    ["https://mimir.example.com:9443/api/v1/push", [9443], undefined],
    ["http://receive.thanos.svc:19291/api/v1/receive", undefined, "thanos"],
    ["http://receive.thanos.svc.cluster.local:19291/api/v1/receive", undefined, "thanos"],
  ])("leave for %s", (url, ports, namespace) => {
    const policies = (settings: StoreSettings) =>
      rendered(settings).networkPolicies["network-policy-prometheus"]?.spec?.egress ?? [];
    const before = policies({ kind: "none" }).map((rule) => JSON.stringify(rule));
    const added = policies(endpoint({ url })).filter((rule) => !before.includes(JSON.stringify(rule)));
    expect(added).toHaveLength(1);
    expect(added[0]?.ports?.map(({ port }) => port)).toEqual(ports);
    const [to] = added[0]?.to ?? [];
    expect(to?.namespaceSelector?.matchExpressions?.map(({ values }) => values)).toEqual(
      namespace === undefined ? undefined : [[namespace]],
    );
  });
});

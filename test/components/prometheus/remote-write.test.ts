import { describe, expect, it } from "vitest";
import { platformFlows } from "../../../components/prometheus/flows.ts";
import { renderRemoteWrite } from "../../../components/prometheus/remote-write.ts";
import {
  type RemoteWriteSettings,
  remoteWriteSettings,
} from "../../../components/prometheus/remote-write-settings.ts";
import { renderMonitoring } from "../../../components/prometheus/render.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { PRODUCTION, PRODUCTION_SETTINGS, resolved } from "./samples.ts";

const TARGET = { url: "https://aps.example.com/workspaces/ws-1/api/v1/remote_write", region: "eu-central-1" };
const RECORDED = remoteWriteSettings.parse({ kind: "amp" });
const ALL = remoteWriteSettings.parse({ kind: "amp", series: "all" });

function rendered(remoteWrite: RemoteWriteSettings) {
  return renderMonitoring(resolved({ ...PRODUCTION, settings: { ...PRODUCTION_SETTINGS, remoteWrite } }));
}

function kept(remoteWrite: RemoteWriteSettings, metric: string): boolean {
  const rules = renderRemoteWrite(remoteWrite, TARGET)?.writeRelabelConfigs ?? [];
  return rules.every(({ regex }) => new RegExp(`^(?:${regex})$`).test(metric));
}

describe("samples that are sent on", () => {
  it("are none, where the settings say none", () => {
    expect(renderRemoteWrite({ kind: "none" }, TARGET)).toBeUndefined();
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
    const remoteWrite = renderRemoteWrite(ALL, TARGET);
    expect(remoteWrite?.sigv4).toEqual({ region: "eu-central-1" });
    const object = { ...prometheus, spec: { ...prometheus.spec, remoteWrite: [remoteWrite] } };
    expect(strictProblems(object as typeof prometheus)).toEqual([]);
  });

  it("say which replica they come from in the label that AMP deduplicates by, beside the cluster's", () => {
    const { spec } = rendered(RECORDED).prometheus;
    expect(spec.replicaExternalLabelName).toBe("__replica__");
    expect(spec.externalLabels).toHaveProperty("cluster");
  });

  it("leave by two more flows, and there are none without them", () => {
    const why = (hasRemoteWrite: boolean) => platformFlows({ hasRemoteWrite }).map((flow) => flow.why);
    const added = why(true).filter((reason) => !why(false).includes(reason));
    expect(added).toEqual(["remote write", "get credentials from the node's EKS Pod Identity agent"]);
    const egress = (settings: RemoteWriteSettings) =>
      rendered(settings).networkPolicies["network-policy-prometheus"]?.spec?.egress?.flatMap(({ ports }) =>
        (ports ?? []).map(({ port }) => port),
      );
    expect(egress(RECORDED)).toContain(80);
    expect(egress({ kind: "none" })).not.toContain(80);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import type { IServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { CAPTURED, capture } from "./captured.ts";
import { type Exposition, parseExposition } from "./exposition.ts";
import { type ScrapedTarget, targetsOf } from "./targets.ts";

/** A target of the platform and what it exposes. */
export interface Source {
  readonly target: ScrapedTarget;
  readonly exposition: Exposition;
}

const FOLDER = new URL("./", import.meta.url);
const HAND_WRITTEN = readdirSync(FOLDER).filter((file) => file.endsWith(".prom"));

// The operator writes a probe's targets as static ones: pkg/prometheus/promcfg.go, generateProbeConfig.
const PROBE: ScrapedTarget = {
  job: "probe/shop/storefront",
  endpoint: "probe",
  labels: { job: "probe/shop/storefront", instance: "https://shop.example.com", namespace: "shop" },
  honorLabels: false,
};

/**
 * Every target of these monitors of which it is known what it exposes: from the program itself where it runs here, else from the
 * file that is written by hand; and one probe.
 */
export async function sourcesOf(
  monitors: readonly (IServiceMonitor | IPodMonitor)[],
): Promise<readonly Source[]> {
  const captured = await capture();
  const handWritten = (file: string) => parseExposition(readFileSync(new URL(file, FOLDER), "utf8"));
  const ofJob = ({ job, endpoint }: ScrapedTarget): Exposition | undefined => {
    const program = CAPTURED.find((name) => name === job);
    if (program !== undefined) return captured[program];
    const file = [`${job}.${endpoint}.prom`, `${job}.prom`].find((name) => HAND_WRITTEN.includes(name));
    return file === undefined ? undefined : handWritten(file);
  };
  return [
    ...monitors.flatMap(targetsOf).flatMap((target) => {
      const exposition = ofJob(target);
      return exposition === undefined ? [] : [{ target, exposition }];
    }),
    { target: PROBE, exposition: handWritten("blackbox-exporter.probe.prom") },
  ];
}

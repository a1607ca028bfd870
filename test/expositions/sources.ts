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
const expositionsIn = (folder: URL) => readdirSync(folder).filter((file) => file.endsWith(".prom"));
const HAND_WRITTEN = expositionsIn(FOLDER);
const REAL_FOLDER = new URL("captured/", FOLDER);
const REAL = expositionsIn(REAL_FOLDER);

// The operator writes a probe's targets as static ones: pkg/prometheus/promcfg.go, generateProbeConfig.
const PROBE: ScrapedTarget = {
  job: "probe/shop/storefront",
  endpoint: "probe",
  labels: { job: "probe/shop/storefront", instance: "https://shop.example.com", namespace: "shop" },
  honorLabels: false,
};

/**
 * Every target of these monitors of which it is known what it exposes: from the program itself where it runs here, else from the
 * file that is written by hand; and one probe. With `preferReal`, a file that was captured from the program takes the place of the one
 * written by hand, which then only adds the metrics that the program had nothing to say of.
 */
export async function sourcesOf(
  monitors: readonly (IServiceMonitor | IPodMonitor)[],
  { preferReal = false }: { readonly preferReal?: boolean } = {},
): Promise<readonly Source[]> {
  const captured = await capture();
  const handWritten = (file: string) =>
    preferReal && REAL.includes(file)
      ? completed(readFileSync(new URL(file, REAL_FOLDER), "utf8"), file)
      : parseExposition(readFileSync(new URL(file, FOLDER), "utf8"));
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

/** cAdvisor's file, which is written by hand, speaks of this pod and its node: so does this one, or nothing could be joined. */
const JOINED = {
  file: "kube-state-metrics.prom",
  by: /pod="(?:web-7d4b9c6f5-2xkq8|queue-0)"|node="ip-10-40-11-23"/,
};

/** What a program really exposed, and by hand what it had nothing to count for. */
function completed(real: string, file: string): Exposition {
  const known = parseExposition(real).samples;
  const added = readFileSync(new URL(file, FOLDER), "utf8")
    .split("\n")
    .filter((line) => {
      const metric = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
      if (metric === undefined) return line.startsWith("# TYPE");
      return !known.has(metric) || (file === JOINED.file && JOINED.by.test(line));
    });
  return parseExposition([real, ...added].join("\n"));
}

/** The metrics of a captured file that are written by hand all the same, because the program had nothing to count for them. */
export function notCaptured(file: string): readonly string[] {
  const real = parseExposition(readFileSync(new URL(file, REAL_FOLDER), "utf8")).samples;
  const written = parseExposition(readFileSync(new URL(file, FOLDER), "utf8")).samples;
  return [...written.keys()].filter((metric) => !real.has(metric)).sort();
}

/** The files that were captured from programs that need a control plane. */
export const CAPTURED_FILES: readonly string[] = REAL;

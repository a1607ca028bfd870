import { z } from "zod";
import { byteQuantity, choice, cpuQuantity, durationBetween, integer } from "../core/schema.ts";

/** Requests of a container. The memory limit equals the request; CPU has no limit, because throttling delays scrapes. */
const resources = z.strictObject({
  cpu: cpuQuantity().meta({ description: "CPU request. There is no CPU limit." }),
  memory: byteQuantity().meta({ description: "Memory request and limit." }),
});

/** Prometheus, its operator and the exporters. */
export const prometheusSettings = z.strictObject({
  crds: choice(["chart", "external"]).meta({
    description: "chart: the operator's CRDs come with the platform. external: something else keeps them.",
  }),
  replicas: integer(1, 4).meta({
    description: "Prometheus servers, each scraping everything, spread over zones.",
  }),
  scrapeInterval: durationBetween("10s", "2m").meta({ description: "Scrape and evaluation interval." }),
  retention: durationBetween("2h", "400d").meta({ description: "How long samples are kept." }),
  volume: byteQuantity().meta({ description: "Volume of each replica. retentionSize is derived from it." }),
  activeSeries: integer(1_000, 20_000_000).meta({
    description: "Series expected in the head of each replica: what volume and memory are checked against.",
  }),
  resources,
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;

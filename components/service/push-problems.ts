import { joinPath, type Problem } from "../core/problems.ts";
import type { Service } from "./definition.ts";
import { serviceIn } from "./environments.ts";

/** What is wrong with a service that pushes, where nothing receives it; `isReceived`: whether Prometheus of the environment does. */
export function pushProblems(
  service: Service,
  environment: string,
  isReceived: boolean,
  path: string,
): readonly Problem[] {
  if (isReceived || serviceIn(service, environment).scrape?.kind !== "push") return [];
  return [
    {
      path: joinPath(path, ["scrape"]),
      found: `push, to the Prometheus of ${environment}, which receives nothing by OTLP`,
      allowed: "push in environments with prometheus.otlp",
      fix: `add prometheus.otlp to the file of ${environment}, or let Prometheus scrape the service there`,
    },
  ];
}

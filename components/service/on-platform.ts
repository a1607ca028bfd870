import type { Duration } from "../core/duration.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import type { PlatformHandover } from "../platform/model.ts";
import { pushProblems, retentionProblems, runsIn, type Service, serviceProblems } from "./model.ts";
import { located } from "./place.ts";

/** The part of a platform's outputs that decides whether it can monitor a service. */
export type HostPlatform = Pick<PlatformHandover, "environment" | "teams" | "services" | "otlp"> & {
  readonly retention: Duration;
};

/**
 * What is wrong with a service on a platform: its owner is no team there, its name is taken, or the platform retains samples for less
 * than the period of an objective. Empty for a service that does not run in the platform's environment.
 */
export function serviceOnPlatformProblems(
  service: Service,
  platform: HostPlatform,
  path: string,
): readonly Problem[] {
  if (!runsIn(service, platform.environment)) return [];
  return located(service, [
    ...serviceProblems(service, Object.keys(platform.teams), path),
    ...takenNameProblems(service, platform, path),
    ...retentionProblems(service, platform.environment, platform.retention, path),
    ...pushProblems(service, platform.environment, platform.otlp === true, path),
  ]);
}

function takenNameProblems(
  { name }: Service,
  { services }: Pick<HostPlatform, "services">,
  path: string,
): Problem[] {
  const owner = Object.hasOwn(services, name) ? services[name] : undefined;
  if (owner === undefined) return [];
  return [
    {
      path: joinPath(path, ["name"]),
      found: `${shown(name)}, which the platform's own program monitors for team ${owner}`,
      allowed: "a name that no other service of the environment has",
      fix: "rename the service, or remove it from stacks/services of the platform if it moved here",
    },
  ];
}

/** What is wrong with a provider of Grafana for services on a platform. */
export function providerProblems({ grafana, release }: PlatformHandover, path: string): readonly Problem[] {
  if (grafana?.delivery === "api") return [];
  return [
    grafana === undefined
      ? {
          path,
          found: `a provider, for a platform of Bellwether ${release} that does not say where dashboards go`,
          allowed: "a provider for a platform that hands over grafana",
          fix: "ask the platform's owners to run pulumi up with a newer release, or remove it until then",
        }
      : {
          path,
          found: "a provider, for a Grafana that reads ConfigMaps",
          allowed: "nothing: the ConfigMaps are created with the provider of Kubernetes",
          fix: "remove it",
        },
  ];
}

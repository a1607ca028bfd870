import { podSpec } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

/** Where the databases of monitoring write by default. */
const DATA_PATHS =
  /^\/(?:prometheus|alertmanager|data|loki|var\/lib\/(?:grafana|postgresql|mysql|loki))(?:\/|$)/;

export const dataVolumes: ResourcePolicy = {
  id: "data-volumes",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-9", "NIST SI-12"],
  scope: "resource",
  title: "A StatefulSet keeps its data on a persistent volume.",
  why: "An emptyDir is gone with its pod: after each drained node the data is lost.",
  fix: "add a claim to spec.volumeClaimTemplates and mount it instead of the emptyDir",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.statefulSet],
  check: (resource) =>
    judge(() => {
      const pod = podSpec(resource);
      const temporary = pod
        .at("volumes")
        .items()
        .filter((volume) => volume.at("emptyDir").exists)
        .map((volume) => volume.at("name").text());
      const mounts = pod
        .at("containers")
        .items()
        .flatMap((container) => container.at("volumeMounts").items())
        .filter(
          (mount) =>
            DATA_PATHS.test(mount.at("mountPath").text() ?? "") &&
            temporary.includes(mount.at("name").text()),
        );
      return mounts.map((mount) => `volume ${mount.at("name").text()} with data is an emptyDir`);
    }),
};

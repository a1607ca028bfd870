import { joinPath, type Problem, shown } from "../../core/problems.ts";
import type { Service } from "../definition.ts";
import { inPlace } from "../place.ts";
import type { DashboardFileContent } from "./definition.ts";
import { takenDashboard, takenProblems } from "./taken.ts";

/** The dashboards of a service that were read. */
export function dashboardFilesOf({
  dashboards,
}: Pick<Service, "dashboards">): readonly DashboardFileContent[] {
  return dashboards.flatMap((file) => (typeof file === "string" ? [] : [file]));
}

/** What is wrong with the dashboards of a service beyond their shape; paths start at `path`. */
export function dashboardProblems(service: Service, path: string): readonly Problem[] {
  return [
    ...service.dashboards.flatMap((file, index): readonly Problem[] => {
      const at = joinPath(path, [index]);
      if (typeof file !== "string")
        return takenProblems(file.dashboard, joinPath(at, ["dashboard"])).map((problem) => ({
          ...problem,
          found: `${problem.found}, in ${file.file}`,
        }));
      return [
        {
          path: at,
          found: shown(file),
          allowed: "what the file contains: only defineService reads files",
          fix: "write the map of file and dashboard",
        },
      ];
    }),
    ...sameUids([service], () => path),
  ];
}

/** Dashboards of several services with one uid, of which Grafana would keep the last. */
export function duplicateDashboards(services: readonly Service[], path: string): readonly Problem[] {
  return sameUids(services, ({ name }) => joinPath(path, [name, "dashboards"]));
}

function sameUids(services: readonly Service[], pathOf: (service: Service) => string): readonly Problem[] {
  const first = new Map<string, string>();
  return services.flatMap((service) =>
    service.dashboards.flatMap((file, index): readonly Problem[] => {
      const uid = typeof file === "string" ? undefined : takenDashboard(file.dashboard)?.uid;
      if (uid === undefined || typeof file === "string") return [];
      const whose = `${file.file} of ${service.name}${inPlace(service)}`;
      const other = first.get(asName(uid));
      if (other === undefined) {
        first.set(asName(uid), whose);
        return [];
      }
      return [
        {
          path: joinPath(pathOf(service), [index, "dashboard", "uid"]),
          found: `${shown(uid)}, which ${other} has, too`,
          allowed: "a uid that differs from the others in a letter or a digit",
          fix: "change one of the two; links to that dashboard change with it",
        },
      ];
    }),
  );
}

/** A uid as the name of a Kubernetes object, which has no capitals and no underscores. */
function asName(uid: string): string {
  return uid.toLowerCase().replaceAll("_", "-");
}

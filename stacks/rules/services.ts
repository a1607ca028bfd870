import {
  duplicateDashboards,
  duplicateServices,
  environmentProblems,
  formerNamesTaken,
  located,
  pushProblems,
  retentionProblems,
  runsIn,
  serviceProblems,
} from "../../components/service/model.ts";
import type { EnvironmentRule } from "./rule.ts";

const servicesBelongToTeams: EnvironmentRule = {
  id: "services-belong-to-teams",
  reads: ["name", "alertmanager"],
  check: ({ name, alertmanager }, { services }) =>
    services
      .filter((service) => runsIn(service, name))
      .flatMap((service) =>
        located(
          service,
          serviceProblems(service, Object.keys(alertmanager.teams), `services.${service.name}`),
        ),
      ),
};

const servicesHaveNamesOfTheirOwn: EnvironmentRule = {
  id: "services-have-names-of-their-own",
  reads: [],
  check: (_, { services }) => duplicateServices(services, "services"),
};

const formerNamesAreFree: EnvironmentRule = {
  id: "former-names-are-free",
  reads: [],
  check: (_, { services }) => formerNamesTaken(services, "services"),
};

const dashboardsHaveUidsOfTheirOwn: EnvironmentRule = {
  id: "dashboards-have-uids-of-their-own",
  reads: ["name"],
  check: ({ name }, { services }) =>
    duplicateDashboards(
      services.filter((service) => runsIn(service, name)),
      "services",
    ),
};

const environmentsOfServicesExist: EnvironmentRule = {
  id: "environments-of-services-exist",
  reads: [],
  check: (_, { services, environments, stack }) => {
    const known = [...new Set([...environments, stack])].sort();
    return services.flatMap((service) =>
      located(service, environmentProblems(service, known, `services.${service.name}`)),
    );
  },
};

const periodsAreKept: EnvironmentRule = {
  id: "periods-are-kept",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { retention } }, { services }) =>
    services
      .filter((service) => runsIn(service, name))
      .flatMap((service) =>
        located(service, retentionProblems(service, name, retention, `services.${service.name}`)),
      ),
};

const pushesAreReceived: EnvironmentRule = {
  id: "pushes-are-received",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { otlp } }, { services }) =>
    services
      .filter((service) => runsIn(service, name))
      .flatMap((service) =>
        located(service, pushProblems(service, name, otlp !== undefined, `services.${service.name}`)),
      ),
};

/** The rules between an environment and the services of the teams. */
export const SERVICE_RULES: readonly EnvironmentRule[] = [
  servicesBelongToTeams,
  servicesHaveNamesOfTheirOwn,
  formerNamesAreFree,
  dashboardsHaveUidsOfTheirOwn,
  environmentsOfServicesExist,
  periodsAreKept,
  pushesAreReceived,
];

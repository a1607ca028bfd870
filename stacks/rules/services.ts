import {
  duplicateServices,
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
        serviceProblems(service, Object.keys(alertmanager.teams), `services.${service.name}`),
      ),
};

const servicesHaveNamesOfTheirOwn: EnvironmentRule = {
  id: "services-have-names-of-their-own",
  reads: [],
  check: (_, { services }) => duplicateServices(services, "services"),
};

const periodsAreKept: EnvironmentRule = {
  id: "periods-are-kept",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { retention } }, { services }) =>
    services
      .filter((service) => runsIn(service, name))
      .flatMap((service) => retentionProblems(service, name, retention, `services.${service.name}`)),
};

/** The rules between an environment and the services of the teams. */
export const SERVICE_RULES: readonly EnvironmentRule[] = [
  servicesBelongToTeams,
  servicesHaveNamesOfTheirOwn,
  periodsAreKept,
];

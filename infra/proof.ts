import type { ReportedAlert } from "../components/alerts/model.ts";
import { alertsOf, renderAlertTests } from "../components/alerts/render.ts";
import type { Tested } from "../components/core/promtool.ts";
import { alertsOfGrafana } from "../components/grafana/alerting/render.ts";
import { hangNotices } from "../components/service/hangs.ts";
import type { Service } from "../components/service/model.ts";
import { alertsOfService, promisesOfService } from "../components/service/render.ts";
import { testedService } from "../components/service/tested.ts";
import type { SloPromises } from "../components/slo/promises.ts";
import type { Environment } from "../stacks/environment.ts";
import { alertArgs, grafanaAlertArgs, serviceArgs } from "./args.ts";

/** What proves an environment's alerts, and the alerts themselves as reports list them. */
export interface Proofs {
  /** The cases of the platform, and then those of each service. */
  readonly tests: readonly Tested[];
  readonly alerts: readonly ReportedAlert[];
  /** What the objectives of the services promise whoever relies on them. */
  readonly promises: readonly SloPromises[];
  /** What the objectives do not see, as sentences. */
  readonly notices: readonly string[];
}

/** A case that fires and one that does not, for every alert of the environment. Needs no Pulumi. Each part is rendered when it is read, tests when they are called. */
export function proofs(environment: Environment, services: readonly Service[]): Proofs {
  const platform = alertArgs(environment);
  const { alerting } = grafanaAlertArgs(environment);
  const ofServices = Object.values(serviceArgs(environment, services));
  return {
    get tests() {
      return [{ files: () => renderAlertTests(platform) }, ...ofServices.map(testedService)];
    },
    get alerts() {
      return [
        ...alertsOf(platform),
        ...(alerting === undefined ? [] : alertsOfGrafana(alerting)),
        ...ofServices.flatMap(alertsOfService),
      ];
    },
    get promises() {
      return ofServices.flatMap(promisesOfService);
    },
    get notices() {
      return hangNotices(
        ofServices.map(({ service }) => service),
        environment.name,
      );
    },
  };
}

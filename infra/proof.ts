import type { PromtoolTestFile, ReportedAlert } from "../components/alerts/model.ts";
import { alertsOf, renderAlertTests } from "../components/alerts/render.ts";
import { alertsOfGrafana } from "../components/grafana/alerting/render.ts";
import { hangNotices } from "../components/service/hangs.ts";
import type { Service } from "../components/service/model.ts";
import { alertsOfService, promisesOfService, renderServiceTests } from "../components/service/render.ts";
import type { SloPromises } from "../components/slo/promises.ts";
import type { Environment } from "../stacks/environment.ts";
import { alertArgs, grafanaAlertArgs, serviceArgs } from "./args.ts";

/** What proves an environment's alerts, and the alerts themselves as reports list them. */
export interface Proofs {
  /** Files for `promtool test rules`, by name without its ending; each is rendered when its turn comes. */
  readonly tests: Iterable<readonly [name: string, file: PromtoolTestFile]>;
  readonly alerts: readonly ReportedAlert[];
  /** What the objectives of the services promise whoever relies on them. */
  readonly promises: readonly SloPromises[];
  /** What the objectives do not see, as sentences. */
  readonly notices: readonly string[];
}

/** A case that fires and one that does not, for every alert of the environment. Needs no Pulumi. Each part is rendered when it is read. */
export function proofs(environment: Environment, services: readonly Service[]): Proofs {
  const platform = alertArgs(environment);
  const { alerting } = grafanaAlertArgs(environment);
  const ofServices = Object.values(serviceArgs(environment, services));
  return {
    get tests() {
      return testFiles(platform, ofServices);
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

function* testFiles(
  platform: Parameters<typeof renderAlertTests>[0],
  ofServices: readonly Parameters<typeof renderServiceTests>[0][],
): Generator<readonly [name: string, file: PromtoolTestFile]> {
  yield* Object.entries(renderAlertTests(platform));
  for (const args of ofServices) yield* Object.entries(renderServiceTests(args));
}

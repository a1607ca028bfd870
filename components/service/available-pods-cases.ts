import { seconds } from "../core/duration.ts";
import type { PromtoolCase } from "../core/promtool.ts";
import { goneText, KEEP_FIRING, urgencyOf, wantedText, whereItsPodsAre } from "./available-pods.ts";
import type { Service } from "./model.ts";
import {
  DEPLOYMENT,
  KINDS,
  type Phase,
  type PodsCaseContext,
  PodsCaseWriter,
  STATEFUL_SET,
  WELL,
} from "./pods-case-writer.ts";

/** promtool cases of the alert about a service without pods; none for a service without the alert. */
export function availablePodsTests(service: Service, context: PodsCaseContext): readonly PromtoolCase[] {
  const urgency = urgencyOf(service, context.environment);
  if (urgency === undefined) return [];
  const here = whereItsPodsAre(service, context.environment);
  const firing = new FiringCases(here, context, urgency, 3);
  const quiet = new QuietCases(here, context, urgency, 0);
  return [...firing.all(), ...quiet.all()];
}

class FiringCases extends PodsCaseWriter {
  all(): readonly PromtoolCase[] {
    return [...this.unplaceable(), this.interrupted(), this.notReady(), this.deleted(), this.replaced()];
  }

  private unplaceable(): readonly PromtoolCase[] {
    const { name } = this.service;
    const [due, end] = [WELL + this.held, WELL + this.long];
    const alert = this.alert(wantedText("3"));
    return [
      this.case("fires when no pod of a Deployment with its name is available, also if none was scraped", {
        series: this.replicas(DEPLOYMENT, name, this.turning(3, 0), this.always(3)),
        expected: [
          [WELL, []],
          [due - 1, []],
          [due, [alert]],
          [end - 1, [alert]],
        ],
      }),
      ...KINDS.map((kind) =>
        this.case(`fires for as long as no pod of a ${kind.label} with another name is available`, {
          series: [
            ...this.replicas(kind, this.other, this.turning(3, 0), this.always(3)),
            ...this.pod(kind.owner(this.other), this.turning(1, "_")),
          ],
          expected: [
            [due - 1, []],
            [due, [alert]],
            [end - 1, [alert]],
          ],
        }),
      ),
    ];
  }

  private interrupted(): PromtoolCase {
    const kept = Math.ceil(seconds(KEEP_FIRING) / this.step);
    const due = WELL + this.held;
    const back = due + 4;
    const alert = this.alert(wantedText("3"));
    const away: readonly Phase[] = [
      [3, due + 1],
      ["_", 1],
      [3, this.long],
    ];
    const available: readonly Phase[] = [
      [3, WELL],
      [0, this.held + 1],
      ["_", 1],
      [0, 2],
      [3, this.long],
    ];
    return this.case("keeps firing while kube-state-metrics is away, and ends after a pod is available", {
      series: [
        ...this.replicas(DEPLOYMENT, this.other, available, away),
        ...this.pod(DEPLOYMENT.owner(this.other), [
          [1, WELL],
          ["_", this.held + 4],
          [1, this.long],
        ]),
      ],
      expected: [
        [due, [alert]],
        [due + 1, [alert]],
        [due + 2, [alert]],
        [back - 1 + kept, [alert]],
        [back + kept, []],
      ],
    });
  }

  private notReady(): PromtoolCase {
    const due = WELL + this.held;
    return this.case("fires if the pods run and are not available", {
      series: [
        ...this.replicas(DEPLOYMENT, this.other, this.turning(3, 0), this.always(3)),
        ...this.pod(DEPLOYMENT.owner(this.other), this.always(1)),
      ],
      expected: [
        [due - 1, []],
        [due, [this.alert(wantedText("3"))]],
      ],
    });
  }

  private deleted(): PromtoolCase {
    const [due, end] = [WELL + this.held, WELL + this.long];
    const alert = this.alert(goneText(this.service));
    return this.case("fires when the workload is deleted and the monitor is not", {
      series: [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.turning(1, 0)),
        ...this.replicas(DEPLOYMENT, this.other, this.turning(3, "_"), this.turning(3, "_")),
        ...this.pod(DEPLOYMENT.owner(this.other), this.turning(1, "_")),
      ],
      expected: [
        [due - 1, []],
        [due, [alert]],
        [end - 1, [alert]],
      ],
    });
  }

  private replaced(): PromtoolCase {
    const due = WELL + this.held;
    return this.case("fires when the pods of a workload that replaces another are never available", {
      series: [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.always(1)),
        ...this.replicas(DEPLOYMENT, this.other, this.turning(3, "_"), this.turning(3, "_")),
        ...this.pod(DEPLOYMENT.owner(this.other), this.turning(1, "_")),
        ...this.replicas(STATEFUL_SET, this.service.name, this.turning("_", 0), this.turning("_", 2)),
        ...this.pod(STATEFUL_SET.owner(this.service.name), this.turning("_", 0)),
      ],
      expected: [
        [due - 1, []],
        [due, [this.alert(wantedText("2"))]],
      ],
    });
  }
}

class QuietCases extends PodsCaseWriter {
  all(): readonly PromtoolCase[] {
    return [...this.meant(), ...this.neverThere(), ...this.unknown(), ...this.others()];
  }

  /** What an owner does on purpose. */
  private meant(): readonly PromtoolCase[] {
    const owner = DEPLOYMENT.owner(this.other);
    const rollout = (up: number, without: Phase[0]): readonly Phase[] => [
      [up, WELL],
      [without, this.held],
      [up, this.long],
    ];
    return [
      ...KINDS.map((kind) =>
        this.quiet(`its ${kind.label} is scaled to zero`, [
          this.stateMetricsUp(this.always(1)),
          this.targets(this.turning(1, 0)),
          ...this.replicas(kind, this.other, this.turning(3, 0), this.turning(3, 0)),
          ...this.pod(kind.owner(this.other), this.turning(1, "_")),
        ]),
      ),
      this.quiet("the monitor is removed and the pods run on", [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.turning(1, "_")),
        ...this.replicas(DEPLOYMENT, this.other, this.always(3), this.always(3)),
        ...this.pod(owner, this.turning(1, "_"), this.always(1)),
      ]),
      this.quiet("the monitor is removed together with the workload", [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.turning(1, "_")),
        this.targets(this.always(0), "service-another"),
        ...this.replicas(DEPLOYMENT, this.other, this.turning(3, "_"), this.turning(3, "_")),
        ...this.pod(owner, this.turning(1, "_")),
      ]),
      this.quiet("a rollout replaces all pods at once", [
        ...this.replicas(DEPLOYMENT, this.other, rollout(3, 0), this.always(3)),
        ...this.pod(owner, rollout(1, "_")),
      ]),
    ];
  }

  private neverThere(): readonly PromtoolCase[] {
    return [
      this.quiet("no pod was ever available", [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.always(1)),
        ...this.replicas(DEPLOYMENT, this.service.name, this.always(0), this.always(3)),
        ...this.pod(DEPLOYMENT.owner(this.service.name), this.always(0)),
      ]),
      this.quiet("nothing was ever deployed", [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.always(0)),
      ]),
    ];
  }

  /** Where kube-state-metrics does not say that nothing is available. */
  private unknown(): readonly PromtoolCase[] {
    const away = this.replicas(DEPLOYMENT, this.other, this.turning(3, "_"), this.turning(3, "_"));
    const pod = this.pod(DEPLOYMENT.owner(this.other), this.turning(1, "_"));
    return [
      this.quiet("only the port of kube-state-metrics with its own metrics answers", [
        this.stateMetricsUp(this.turning(1, 0)),
        this.stateMetricsUp(this.always(1), { endpoint: "telemetry" }),
        this.targets(this.turning(1, 0)),
        ...away,
        ...pod,
      ]),
      this.quiet("pods of no workload that kube-state-metrics reports replace the workload", [
        this.stateMetricsUp(this.always(1)),
        this.targets(this.always(1)),
        ...away,
        ...pod,
        ...this.pod({ owner_kind: "Rollout", owner_name: this.service.name }, this.turning("_", 1)),
      ]),
    ];
  }

  /** What other workloads do. */
  private others(): readonly PromtoolCase[] {
    const { name, namespace } = this.service;
    const failing = this.replicas(DEPLOYMENT, name, this.turning(3, 0), this.always(3));
    return [
      this.quiet("another workload with pods of the service is available", [
        ...failing,
        ...this.pod(DEPLOYMENT.owner(name), this.turning(1, 0)),
        ...this.replicas(STATEFUL_SET, this.other, this.always(1), this.always(1)),
        ...this.pod(STATEFUL_SET.owner(this.other), this.always(1)),
      ]),
      this.quiet("workloads of other services and namespaces have no available pod", [
        ...failing,
        ...this.pod(DEPLOYMENT.owner(name), this.always(1), this.always(1), { job: "another" }),
        ...this.replicas(DEPLOYMENT, this.other, this.always(3), this.always(3)),
        ...this.pod(DEPLOYMENT.owner(this.other), this.always(1)),
        ...this.replicas(DEPLOYMENT, this.other, this.turning(3, 0), this.always(3), `${namespace}-other`),
      ]),
    ];
  }
}

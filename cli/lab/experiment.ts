import { destinationsFor, WATCHDOG } from "../../components/alertmanager/render.ts";
import { seconds } from "../../components/core/duration.ts";
import type { AlertingRule } from "../../components/core/rules.ts";
import { slosOf } from "../../components/service/model.ts";
import { NO_AVAILABLE_PODS } from "../../components/service/names.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { Connection } from "../verify/connection.ts";
import { AlertLog } from "./alert-log.ts";
import { LabCluster } from "./cluster.ts";
import {
  CLUSTER_PATH,
  type LabTarget,
  platformGroups,
  type RenderedAlertmanager,
  renderedAlertmanager,
} from "./configuration.ts";
import type { SpentBudget } from "./debrief.ts";
import { CLUSTER, type ClusterFault, clusterFaultOf, FAULTS, type Fault, faultOf } from "./faults.ts";
import { type Live, liveFrom } from "./live.ts";
import { type Notification, Notifications, type Posted } from "./notifications.ts";
import type { LabService } from "./page.ts";
import { promisedOfNodes, promisedSeconds } from "./promises.ts";
import type { GameDayState } from "./scenarios.ts";
import { sectionsOf } from "./sections.ts";
import type { Answer } from "./server.ts";
import { SETTLED, Traffic } from "./traffic.ts";
import { type Trial, Trials } from "./trials.ts";

/** What the page is sent once a second. */
interface LabState {
  /** The fault that is switched on, by service, and of the cluster; null: none. */
  readonly faults: Readonly<Record<string, string | null>>;
  /** The markup of the sections that change, by the id of their element. */
  readonly sections: Readonly<Record<string, string>>;
  readonly trials: readonly Trial[];
  /** When the heartbeat came last, in milliseconds since 1970. */
  readonly heartbeat: number | undefined;
  /** Whether a fault would be noticed as in production: see `isWell` of an experiment. */
  readonly isWell: boolean;
}

interface LabMember {
  readonly args: ServiceMonitoringArgs;
  readonly traffic: Traffic;
  readonly faults: readonly Fault[];
}

/** The services of a lab, their faults, and what came of them. */
export class Experiment {
  readonly rendered: RenderedAlertmanager;
  readonly log = new AlertLog();
  readonly #environment: Environment;
  readonly #faster: number;
  readonly #services: ReadonlyMap<string, LabMember>;
  readonly #cluster: LabCluster;
  readonly #notifications: Notifications;
  readonly #trials: Trials;
  #heartbeat: number | undefined;
  #isWell = false;
  #since: number | undefined;

  constructor(environment: Environment, services: readonly ServiceMonitoringArgs[], faster: number) {
    this.#environment = environment;
    this.#faster = faster;
    this.rendered = renderedAlertmanager(environment);
    this.#notifications = new Notifications(this.rendered);
    this.#trials = new Trials(faster);
    this.#services = new Map(
      services.map((args) => {
        const traffic = new Traffic(args.service, environment.name, faster, Date.now());
        return [args.service.name, { args, traffic, faults: faultsOf(args, traffic) }];
      }),
    );
    const deployed = [...this.#services.values()].filter(({ args }) => hasPods(args));
    this.#cluster = new LabCluster(
      deployed.map(({ args: { service } }) => service),
      faster,
    );
  }

  get services(): readonly LabService[] {
    return [...this.#services.values()].map(({ traffic: { service, left }, faults }) => ({
      service,
      left,
      faults,
    }));
  }

  /** What Prometheus scrapes. */
  get targets(): readonly LabTarget[] {
    return [...this.#services.values()].map(({ traffic: { service, isNative } }) => ({ service, isNative }));
  }

  get args(): readonly ServiceMonitoringArgs[] {
    return [...this.#services.values()].map(({ args }) => args);
  }

  get trials(): readonly Trial[] {
    return this.#trials.all;
  }

  get notifications(): readonly Notification[] {
    return this.#notifications.all;
  }

  /** What was spent of each budget so far. */
  budgets(now: number): readonly SpentBudget[] {
    return [...this.#services.values()].flatMap(({ args: { service }, traffic }) =>
      slosOf(service, this.#environment.name).map(({ name, objective }) => ({
        service: service.name,
        objective: name,
        target: objective,
        spent: traffic.spent(now).get(name) ?? 0,
      })),
    );
  }

  readonly isSimulated = (service: string, slo: string): boolean =>
    this.#services.get(service)?.traffic.objectives.includes(slo) === true;

  /** Whether a service can have a fault. */
  canHave(service: string, fault: string): boolean {
    return this.#services.get(service)?.faults.some(({ id }) => id === fault) === true;
  }

  /** Answers a scrape of `/<service>`, and of what kube-state-metrics would say. */
  scrape(path: string): Answer {
    const text =
      path === CLUSTER_PATH
        ? this.#cluster.exposition(Date.now())
        : this.#services.get(path.slice(1))?.traffic.exposition(Date.now());
    return text === undefined
      ? { status: 503 }
      : { status: 200, type: "text/plain; version=0.0.4", body: text };
  }

  /** Takes what Alertmanager posts to `/<receiver>`. */
  receive(path: string, body: string): Answer {
    const posted = JSON.parse(body) as Posted;
    const now = Date.now();
    if (posted.alerts.every(({ labels }) => labels["alertname"] === WATCHDOG)) this.#heartbeat = now;
    else this.#trials.told(this.#notifications.add(decodeURIComponent(path.slice(1)), posted, now));
    return { status: 200 };
  }

  /** Switches the fault of a service or of the cluster on, or off with null. False: there is no such service or fault. */
  switchFault(asked: { readonly service: string; readonly fault: string | null }): boolean {
    const now = Date.now();
    if (asked.service === CLUSTER) return this.#switchNodes(asked.fault, now);
    const its = this.#services.get(asked.service);
    if (its === undefined || (asked.fault !== null && !this.canHave(asked.service, asked.fault)))
      return false;
    const fault = asked.fault === null ? undefined : faultOf(asked.fault);
    this.#trials.end(asked.service, now);
    its.traffic.switch(fault, now);
    this.#cluster.switchPods(asked.service, fault?.pods, now);
    if (fault === undefined) return true;
    const promised = promisedSeconds(its.args, fault, (severity) => this.#groupWait(its.args, severity));
    this.#begin(asked.service, fault, promised, now);
    return true;
  }

  #switchNodes(id: string | null, now: number): boolean {
    const fault = id === null ? undefined : clusterFaultOf(id);
    if (id !== null && fault === undefined) return false;
    this.#trials.end(CLUSTER, now);
    this.#cluster.switchNodes(fault?.id, now);
    for (const { traffic } of this.#services.values()) traffic.loseZone(fault?.id === "zone", now);
    if (fault !== undefined) this.#begin(CLUSTER, fault, this.#promisedOfNodes(fault), now);
    return true;
  }

  #begin(service: string, { id, alert }: Fault | ClusterFault, promised: number | undefined, from: number) {
    const trial = { service, fault: id, alert, from };
    this.#trials.begin({ ...trial, ...(promised === undefined ? {} : { promised }) });
  }

  /** Asks Prometheus, and takes note of its alerts. */
  async observe(prometheus: Connection): Promise<Live> {
    const live = await liveFrom(prometheus);
    this.log.observe(live, Date.now());
    const { objectives, alerts } = live;
    if (objectives.length > 0) this.#since ??= Date.now();
    this.#isWell = Date.now() >= (this.settled ?? Number.POSITIVE_INFINITY) && alerts.length === 0;
    return live;
  }

  /** From when on faults are noticed as in production, in milliseconds since 1970; undefined: it is not known yet. */
  get settled(): number | undefined {
    return this.#since === undefined ? undefined : this.#since + (SETTLED * 1000) / this.#faster;
  }

  /** Whether the heartbeat has come and no alert is pending: rules are evaluated, routes lead somewhere, and the first scrapes are over. */
  get isWell(): boolean {
    return this.#isWell && this.#heartbeat !== undefined;
  }

  async state(prometheus: Connection, gameDay: GameDayState | undefined): Promise<LabState> {
    const live = await this.observe(prometheus);
    const trials = this.#trials.all;
    const heartbeat = this.#heartbeat;
    const notifications = this.#notifications.all;
    return {
      faults: {
        [CLUSTER]: this.#cluster.fault ?? null,
        ...Object.fromEntries(
          [...this.#services].map(([name, { traffic }]) => [name, traffic.fault?.id ?? null] as const),
        ),
      },
      sections: sectionsOf({ live, notifications, trials, heartbeat, gameDay, now: Date.now() }),
      trials,
      heartbeat,
      isWell: this.isWell,
    };
  }

  #promisedOfNodes({ alert }: ClusterFault): number | undefined {
    const { scrapeInterval } = this.#environment.prometheus;
    for (const { interval = scrapeInterval, rules } of platformGroups(this.#environment)) {
      const rule = rules.find((each): each is AlertingRule => "alert" in each && each.alert === alert);
      if (rule === undefined) continue;
      const [first] = destinationsFor(this.#environment.alertmanager, rule.labels);
      const wait = first === undefined ? 0 : seconds(first.grouping.groupWait);
      return promisedOfNodes(rule, scrapeInterval, interval) + wait;
    }
    return undefined;
  }

  /** How long Alertmanager waits before the first message of an alert of the service, in seconds. */
  #groupWait({ service }: ServiceMonitoringArgs, severity: "critical" | "warning"): number {
    const labels = { severity, team: service.owner, namespace: service.namespace };
    const [first] = destinationsFor(this.#environment.alertmanager, labels);
    return first === undefined ? 0 : seconds(first.grouping.groupWait);
  }
}

/** Whether its pods are those of a Deployment, so that an alert says when none is available. */
function hasPods(args: ServiceMonitoringArgs): boolean {
  return alertsOf(args).has(NO_AVAILABLE_PODS);
}

function alertsOf(args: ServiceMonitoringArgs): ReadonlySet<string> {
  return new Set(
    ruleGroupsOf(args.service, args)
      .flatMap(({ rules }) => rules)
      .flatMap((rule) => ("alert" in rule ? [rule.alert] : [])),
  );
}

/** The faults that a service can have: those of which an alert tells, about what it has. */
function faultsOf(args: ServiceMonitoringArgs, { objectives }: Traffic): readonly Fault[] {
  const alerts = alertsOf(args);
  return FAULTS.filter(
    ({ only, alert, pods }) =>
      alerts.has(alert) &&
      (pods === undefined || hasPods(args)) &&
      (only === undefined || objectives.some((name) => name.startsWith(only))),
  );
}

import { destinationsFor, WATCHDOG } from "../../components/alertmanager/render.ts";
import { seconds } from "../../components/core/duration.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { Connection } from "../verify/connection.ts";
import { type RenderedAlertmanager, renderedAlertmanager } from "./configuration.ts";
import { faultOf } from "./faults.ts";
import { liveFrom } from "./live.ts";
import { Notifications, type Posted } from "./notifications.ts";
import type { LabService } from "./page.ts";
import { promisedSeconds } from "./promises.ts";
import { sectionsOf } from "./sections.ts";
import type { Answer } from "./server.ts";
import { Traffic } from "./traffic.ts";
import { type Trial, Trials } from "./trials.ts";

/** What the page is sent once a second. */
interface LabState {
  /** The fault that is switched on, by service; null: none. */
  readonly faults: Readonly<Record<string, string | null>>;
  /** The markup of the sections that change, by the id of their element. */
  readonly sections: Readonly<Record<string, string>>;
  readonly trials: readonly Trial[];
  /** When the heartbeat came last, in milliseconds since 1970. */
  readonly heartbeat: number | undefined;
}

/** The services of a lab, their faults, and what came of them. */
export class Experiment {
  readonly rendered: RenderedAlertmanager;
  readonly #environment: Environment;
  readonly #services: ReadonlyMap<
    string,
    { readonly args: ServiceMonitoringArgs; readonly traffic: Traffic }
  >;
  readonly #notifications: Notifications;
  readonly #trials: Trials;
  #heartbeat: number | undefined;

  constructor(environment: Environment, services: readonly ServiceMonitoringArgs[], faster: number) {
    this.#environment = environment;
    this.rendered = renderedAlertmanager(environment);
    this.#notifications = new Notifications(this.rendered);
    this.#trials = new Trials(faster);
    this.#services = new Map(
      services.map((args) => [
        args.service.name,
        { args, traffic: new Traffic(args.service, environment.name, faster, Date.now()) },
      ]),
    );
  }

  get services(): readonly LabService[] {
    return [...this.#services.values()].map(({ traffic: { service, left } }) => ({ service, left }));
  }

  readonly isSimulated = (service: string, slo: string): boolean =>
    this.#services.get(service)?.traffic.objectives.includes(slo) === true;

  /** Answers a scrape of `/<service>`. */
  scrape(path: string): Answer {
    const text = this.#services.get(path.slice(1))?.traffic.exposition(Date.now());
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

  /** Switches the fault of a service on, or off with null. False: there is no such service or fault. */
  switchFault(asked: { readonly service: string; readonly fault: string | null }): boolean {
    const its = this.#services.get(asked.service);
    const fault = asked.fault === null ? undefined : faultOf(asked.fault);
    if (its === undefined || (asked.fault !== null && fault === undefined)) return false;
    const now = Date.now();
    this.#trials.end(asked.service, now);
    its.traffic.switch(fault, now);
    if (fault === undefined) return true;
    const promised = promisedSeconds(its.args, fault, (severity) => this.#groupWait(its.args, severity));
    const { id, alert } = fault;
    const trial = { service: asked.service, fault: id, alert, from: now };
    this.#trials.begin({ ...trial, ...(promised === undefined ? {} : { promised }) });
    return true;
  }

  async state(prometheus: Connection): Promise<LabState> {
    const live = await liveFrom(prometheus);
    const trials = this.#trials.all;
    const heartbeat = this.#heartbeat;
    const notifications = this.#notifications.all;
    return {
      faults: Object.fromEntries(
        [...this.#services].map(([name, { traffic }]) => [name, traffic.fault?.id ?? null] as const),
      ),
      sections: sectionsOf({ live, notifications, trials, heartbeat, now: Date.now() }),
      trials,
      heartbeat,
    };
  }

  /** How long Alertmanager waits before the first message of an alert of the service, in seconds. */
  #groupWait({ service }: ServiceMonitoringArgs, severity: "critical" | "warning"): number {
    const labels = { severity, team: service.owner, namespace: service.namespace };
    const [first] = destinationsFor(this.#environment.alertmanager, labels);
    return first === undefined ? 0 : seconds(first.grouping.groupWait);
  }
}

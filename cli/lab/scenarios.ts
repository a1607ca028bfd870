import type { Duration } from "../../components/core/duration.ts";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import { CLUSTER, clusterFaultOf, faultOf } from "./faults.ts";

/** Something that is switched on or off in the course of a game day. */
interface Step {
  /** When, in production's time from the start. */
  readonly at: Duration;
  /** The cluster, the most important service that can have the fault, or every service that can. */
  readonly on: "cluster" | "service" | "services";
  readonly fault: string;
  readonly switch: "on" | "off";
  /** What happens, as those who practise are told afterwards. */
  readonly what: string;
}

/** A game day: what goes wrong when, and how long it is watched. */
export interface Scenario {
  readonly title: string;
  /** What is practised. */
  readonly about: string;
  readonly steps: readonly Step[];
  /** When it is over, in production's time from the start. */
  readonly end: Duration;
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "zone-loss": {
    title: "Loss of a zone",
    about:
      "One of three zones goes dark. Is the page about the zone, and are the alerts that follow from it kept back?",
    steps: [
      { at: "0s", on: "cluster", fault: "zone", switch: "on", what: "the nodes of a zone lose their power" },
      { at: "25m", on: "cluster", fault: "zone", switch: "off", what: "the nodes are back" },
    ],
    end: "40m",
  },
  "bad-deployment": {
    title: "Bad deployment",
    about:
      "A new version fails a third of the requests. Is its team paged, and is it over after the rollback?",
    steps: [
      { at: "0s", on: "service", fault: "deployment", switch: "on", what: "a new version is deployed" },
      { at: "20m", on: "service", fault: "deployment", switch: "off", what: "it is rolled back" },
    ],
    end: "40m",
  },
  "slow-dependency": {
    title: "Slow dependency",
    about: "What several services depend on answers late. Who is paged, and how many pages is one cause?",
    steps: [
      { at: "0s", on: "services", fault: "slow", switch: "on", what: "the dependency answers late" },
      { at: "20m", on: "services", fault: "slow", switch: "off", what: "it answers as before" },
    ],
    end: "40m",
  },
  "budget-leak": {
    title: "Slow leak of the budget",
    about:
      "Three times as many requests fail as allowed. No one is paged at night: who gets the ticket, and when?",
    steps: [
      { at: "0s", on: "service", fault: "errors", switch: "on", what: "few requests begin to fail" },
      { at: "7h", on: "service", fault: "errors", switch: "off", what: "the cause is removed" },
    ],
    end: "8h",
  },
  "no-pods": {
    title: "No room for pods",
    about:
      "A service has no pod that runs, and so none that counts a failed request. Is it noticed all the same?",
    steps: [
      {
        at: "0s",
        on: "service",
        fault: "no-pods",
        switch: "on",
        what: "its pods are evicted, and no node has room",
      },
      { at: "12m", on: "service", fault: "no-pods", switch: "off", what: "a node with room joins" },
    ],
    end: "30m",
  },
  "lost-metrics": {
    title: "Lost metrics",
    about: "A service works, and its metrics are gone: a page would be wrong, and no message would be, too.",
    steps: [
      { at: "0s", on: "service", fault: "silence", switch: "on", what: "the service answers no scrape" },
      { at: "30m", on: "service", fault: "silence", switch: "off", what: "it answers again" },
    ],
    end: "45m",
  },
};

export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIOS);

export function scenarioOf(name: string): Scenario | undefined {
  return Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
}

/** A step with what it is about. */
export interface PlacedStep extends Step {
  /** Names of services, or the cluster. */
  readonly targets: readonly string[];
}

/** How far a game day is, for the page. */
export interface GameDayState {
  readonly title: string;
  readonly about: string;
  /** Seconds of production's time since the start; undefined: it has not begun. */
  readonly age: number | undefined;
  readonly end: number;
  readonly steps: readonly (PlacedStep & { readonly isDone: boolean })[];
}

const TIERS = ["critical", "standard", "internal"];

/**
 * The steps with the services that they are about. `canHave` says whether a service can have a fault; among those that can, the first of the
 * most important tier is the service of a step. A step without a service is left out.
 */
export function placed(
  { steps }: Scenario,
  services: readonly ServiceMonitoringArgs[],
  canHave: (service: string, fault: string) => boolean,
): readonly PlacedStep[] {
  const byTier = [...services].sort(
    (one, other) => TIERS.indexOf(one.service.tier) - TIERS.indexOf(other.service.tier),
  );
  return steps.flatMap((step) => {
    const able = byTier.map(({ service }) => service.name).filter((name) => canHave(name, step.fault));
    const targets = step.on === "cluster" ? [CLUSTER] : step.on === "service" ? able.slice(0, 1) : able;
    return targets.length === 0 ? [] : [{ ...step, targets }];
  });
}

/** The title of a fault of a service or of the cluster. */
export function titleOf(fault: string): string {
  return (faultOf(fault) ?? clusterFaultOf(fault))?.title ?? fault;
}

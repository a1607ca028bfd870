import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "./api.ts";
import { isReady, type RunningPod } from "./evictions.ts";
import type { MonitoringServer } from "./monitoring-server.ts";
import { MONITORING } from "./platform.ts";

/** What was seen of the pods of one StatefulSet. */
export interface Lives {
  /** The least number of pods that were ready at the same time. */
  leastReady: number;
  /** The pods that there have been, by UID. */
  readonly seen: Map<string, string>;
}

/** Watches pods and lets each real server live and die with the pod that it plays. */
export class PodLives {
  readonly #api: ApiClient;
  readonly #servers: readonly MonitoringServer[];
  readonly #lives: ReadonlyMap<string, Lives>;
  readonly #running = new Map<string, string>();
  #stopped = false;
  #ended = Promise.resolve();

  constructor(api: ApiClient, statefulSets: readonly string[], servers: readonly MonitoringServer[]) {
    this.#api = api;
    this.#servers = servers;
    this.#lives = new Map(statefulSets.map((name) => [name, { leastReady: Infinity, seen: new Map() }]));
  }

  /** Starts to watch. The servers run already. */
  async start(): Promise<void> {
    for (const { metadata } of await this.#pods()) this.#running.set(metadata.name, uidOf(metadata));
    this.#ended = this.#watch();
  }

  /** What was seen of a StatefulSet's pods since the start, or since this was called last. */
  of(statefulSet: string): Lives {
    const lives = this.#lives.get(statefulSet);
    if (lives === undefined) throw new Error(`${statefulSet} is not watched`);
    const result = { leastReady: lives.leastReady, seen: new Map(lives.seen) };
    lives.leastReady = Infinity;
    lives.seen.clear();
    return result;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      const pods = await this.#pods().catch(() => undefined);
      if (pods === undefined) continue;
      for (const [name, lives] of this.#lives) {
        const members = pods.filter(({ metadata }) => ownerOf(metadata.name) === name);
        const ready = members.filter(
          (pod) => isReady(pod) && pod.metadata["deletionTimestamp"] === undefined,
        );
        lives.leastReady = Math.min(lives.leastReady, ready.length);
        for (const { metadata } of members) lives.seen.set(uidOf(metadata), metadata.name);
      }
      for (const server of this.#servers) await this.#follow(server, pods);
      await sleep(100, undefined, { ref: false });
    }
  }

  async #follow(server: MonitoringServer, pods: readonly RunningPod[]): Promise<void> {
    const pod = pods.find(({ metadata }) => metadata.name === server.pod);
    const alive = pod !== undefined && isReady(pod) && pod.metadata["deletionTimestamp"] === undefined;
    const running = this.#running.get(server.pod);
    if (running !== undefined && (!alive || uidOf(pod.metadata) !== running)) {
      this.#running.delete(server.pod);
      await server.stop();
    }
    if (alive && !this.#running.has(server.pod)) {
      this.#running.set(server.pod, uidOf(pod.metadata));
      await server.start();
    }
  }

  async #pods(): Promise<readonly RunningPod[]> {
    const pods = await this.#api.list<RunningPod>({ apiVersion: "v1", kind: "Pod", namespace: MONITORING });
    return pods.filter(({ metadata }) => this.#lives.has(ownerOf(metadata.name)));
  }
}

function ownerOf(pod: string): string {
  return pod.replace(/-\d+$/, "");
}

function uidOf(metadata: RunningPod["metadata"]): string {
  return String(metadata["uid"]);
}

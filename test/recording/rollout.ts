import {
  type ApiClient,
  type KubernetesObject,
  type Reference,
  Refused,
} from "../support/control-plane/api.ts";
import { until } from "../support/servers.ts";
import { crashLooping, NAMESPACE, SERVICE } from "./incident.ts";

// The rollout as the control plane's own controllers carry it out. The kubelet is simulated: a pod of version 2 starts, crashes, and waits
// longer before each restart.

const DEPLOYMENT: Reference = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: SERVICE,
  namespace: NAMESPACE,
};

const image = (version: number) => `example.com/stand-in:${version}`;

interface Pod extends KubernetesObject {
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export class Rollout {
  private readonly api: ApiClient;
  private readonly factor: number;
  /** When each pod of version 2 was first seen, in milliseconds since 1970. */
  private readonly since = new Map<string, number>();

  /** @param factor how many times faster time passes */
  constructor(api: ApiClient, factor: number) {
    this.api = api;
    this.factor = factor;
  }

  /**
   * Before the hour: a pod counts as available after two minutes, a rollout without progress for ten minutes has failed, and the namespace
   * has a quota and an autoscaler. Resolves when version 1 runs.
   */
  async prepare(): Promise<void> {
    const seconds = (length: number) => Math.max(1, Math.round(length / this.factor));
    await this.api.merge(DEPLOYMENT, {
      spec: {
        minReadySeconds: seconds(120),
        progressDeadlineSeconds: seconds(600),
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
        template: { spec: { containers: containersOf(1) } },
      },
    });
    for (const object of [QUOTA, AUTOSCALER]) await this.api.apply(object, "cluster");
    await until(async () => {
      const { metadata, spec, status } = (await this.api.get<Deployment>(DEPLOYMENT)) ?? {};
      if (status?.observedGeneration !== metadata?.generation) return false;
      return [status?.updatedReplicas, status?.availableReplicas, status?.replicas].every(
        (count) => count !== undefined && count === spec?.replicas,
      );
    }, 60);
  }

  async to(version: 1 | 2): Promise<void> {
    await this.api.merge(DEPLOYMENT, { spec: { template: { spec: { containers: containersOf(version) } } } });
  }

  /** Says of the pods of version 2 what their kubelets would at this moment; `silent` are the pods that do not answer. */
  async report(silent: Set<string>): Promise<void> {
    const pods = await this.api.list<Pod>({ apiVersion: "v1", kind: "Pod", namespace: NAMESPACE });
    for (const pod of pods.filter(({ spec }) => spec.containers[0]?.image === image(2)))
      await this.say(pod, silent);
  }

  private async say({ metadata, status }: Pod, silent: Set<string>): Promise<void> {
    const { name } = metadata;
    if (status?.phase !== "Running") return;
    const since = this.since.get(name) ?? Date.now();
    this.since.set(name, since);
    const { restarts, isRunning } = crashLooping(((Date.now() - since) / 1000) * this.factor);
    if (isRunning) silent.delete(name);
    else silent.add(name);
    const ready = isRunning ? "True" : "False";
    const waiting = { reason: "CrashLoopBackOff", message: "back-off restarting failed container" };
    const ended = { terminated: { exitCode: 1, reason: "Error" } };
    const conditions = (status.conditions ?? []).map((condition) =>
      /^(Containers)?Ready$/.test(condition.type) && condition.status !== ready
        ? { ...condition, status: ready, lastTransitionTime: new Date().toISOString() }
        : condition,
    );
    const container = {
      name: "main",
      image: image(2),
      imageID: "",
      ready: isRunning,
      started: isRunning,
      restartCount: restarts,
      state: isRunning ? { running: { startedAt: new Date(since).toISOString() } } : { waiting },
      ...(restarts > 0 || !isRunning ? { lastState: ended } : {}),
    };
    try {
      await this.api.merge(
        { apiVersion: "v1", kind: "Pod", name, namespace: NAMESPACE },
        { status: { conditions, containerStatuses: [container] } },
        "/status",
      );
    } catch (error) {
      // Its controller has deleted the pod since it was listed.
      if (!(error instanceof Refused && error.status === 404)) throw error;
    }
  }
}

interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

function containersOf(version: 1 | 2) {
  return [
    {
      name: "main",
      image: image(version),
      ports: [{ name: "http", containerPort: 8080 }],
      resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    },
  ];
}

const QUOTA: KubernetesObject = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "compute", namespace: NAMESPACE },
  spec: { hard: { pods: "20", "requests.memory": "4Gi" } },
};

const AUTOSCALER: KubernetesObject = {
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: "pricing", namespace: NAMESPACE },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "pricing" },
    minReplicas: 1,
    maxReplicas: 4,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
      },
    ],
  },
};

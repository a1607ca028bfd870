import { podCredentials } from "../../components/cluster/model.ts";
import { type Problem, shown } from "../../components/core/problems.ts";
import { awsHeartbeat } from "../../components/heartbeat/model.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const AT = `${ROOT}.alertmanager`;

/** In production something outside must notice that alerting is gone: what is on the cluster goes with it. */
const productionIsWatchedFromOutside: EnvironmentRule = {
  id: "production-is-watched-from-outside",
  reads: ["tier", "alertmanager"],
  check: ({ tier, alertmanager: { receivers, heartbeat } }) => {
    const receiver = Object.hasOwn(receivers, heartbeat.receiver) ? receivers[heartbeat.receiver] : undefined;
    if (tier !== "production" || receiver?.type !== "local-webhook") return [];
    return [
      {
        path: `${AT}.heartbeat.receiver`,
        found: `${shown(heartbeat.receiver)}, of type local-webhook`,
        allowed:
          "in production a webhook of a heartbeat service, or aws-heartbeat: the cluster cannot report its own end",
        fix: "define a receiver of type aws-heartbeat, with another region and a pager, and name it here",
      },
    ];
  },
};

const heartbeatsLeaveTheRegion: EnvironmentRule = {
  id: "heartbeats-leave-the-region",
  reads: ["aws", "cluster", "alertmanager"],
  check: ({ aws, cluster, alertmanager }) =>
    Object.entries(alertmanager.receivers).flatMap(([name, receiver]): Problem[] => {
      if (receiver.type !== "aws-heartbeat") return [];
      const path = `${AT}.receivers.${name}`;
      if (awsHeartbeat(alertmanager) !== receiver)
        return [
          {
            path,
            found: "the type aws-heartbeat, and not the receiver of the heartbeat",
            allowed: "one receiver of this type: that of alertmanager.heartbeat.receiver",
            fix: "name it in heartbeat.receiver, or remove it",
          },
        ];
      if (aws === undefined || podCredentials(cluster)?.kind !== "pod-identity")
        return [
          {
            path: `${path}.type`,
            found: "aws-heartbeat, and pods that get no credentials of AWS through EKS Pod Identity",
            allowed: "aws-heartbeat with a cluster on EKS that has the Pod Identity agent",
            fix: "use a webhook of a heartbeat service",
          },
        ];
      if (receiver.region !== aws.region) return [];
      return [
        {
          path: `${path}.region`,
          found: `${shown(receiver.region)}, the region of the cluster`,
          allowed: "another region: one that is down takes the cluster and its alarm at once",
          fix: "choose another region, such as one on the same continent",
        },
      ];
    }),
};

/** The rules of who notices that alerting is down. */
export const HEARTBEAT_RULES: readonly EnvironmentRule[] = [
  productionIsWatchedFromOutside,
  heartbeatsLeaveTheRegion,
];

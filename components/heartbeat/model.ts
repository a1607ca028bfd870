import type { AlertmanagerSettings, ReceiverSettings } from "../alertmanager/model.ts";
import { partitionOf } from "../aws/model.ts";
import { type Duration, seconds } from "../core/duration.ts";
import { joinPath } from "../core/problems.ts";
import type { NamedSecret } from "../core/secrets.ts";

/** A heartbeat that an alarm of CloudWatch waits for. */
export type AwsHeartbeat = Extract<ReceiverSettings, { type: "aws-heartbeat" }>;

type Settings = Pick<AlertmanagerSettings, "receivers" | "heartbeat">;

/** The receiver of the heartbeat, if it is an alarm of CloudWatch. */
export function awsHeartbeat({ receivers, heartbeat }: Settings): AwsHeartbeat | undefined {
  const receiver = Object.hasOwn(receivers, heartbeat.receiver) ? receivers[heartbeat.receiver] : undefined;
  return receiver?.type === "aws-heartbeat" ? receiver : undefined;
}

/** The secrets of the alarm, which Alertmanager never sees. */
export function heartbeatSecrets(settings: Settings, path: string): readonly NamedSecret[] {
  const secret = awsHeartbeat(settings)?.pagerUrlSecret;
  if (secret === undefined) return [];
  return [
    { name: secret, path: joinPath(path, ["receivers", settings.heartbeat.receiver, "pagerUrlSecret"]) },
  ];
}

/** The name of the topic that takes the heartbeats of an environment. */
export function heartbeatTopicName(environment: string): string {
  return `bellwether-${environment}-heartbeat`;
}

/** Its ARN, which is known before the topic exists. */
export function heartbeatTopicArn(environment: string, region: string, accountId: string): string {
  return `arn:${partitionOf(region)}:sns:${region}:${accountId}:${heartbeatTopicName(environment)}`;
}

/** The name of the topic that takes the heartbeats of the store, where it evaluates the rules. */
export function storeHeartbeatTopicName(environment: string): string {
  return `bellwether-${environment}-store-heartbeat`;
}

/**
 * Seconds in which one message at least must come: twice the interval, so that one that is late is no alarm, and five minutes or more,
 * in whole minutes as CloudWatch counts.
 */
export function alarmPeriod(interval: Duration): number {
  return Math.max(300, 60 * Math.ceil((2 * seconds(interval)) / 60));
}

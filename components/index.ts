// The door for teams: a service as data, and what watches it on a platform. Loads the SDKs of Pulumi and Kubernetes, and no
// cloud's. Everything that is not exported here, by definitions.ts or by parts.ts may move without notice.

export * from "./definitions.ts";
export { Platform } from "./platform/component.ts";
export {
  ServiceMonitoring,
  type ServiceMonitoringArgs,
  type ServiceOnPlatform,
} from "./service/component.ts";

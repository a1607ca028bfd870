// The entry point for teams: a service as data, and its monitoring on a platform. Loads the SDKs of Pulumi and Kubernetes, and no
// cloud's. What is not exported here, by definitions.ts or by parts.ts can change without notice.

export * from "./definitions.ts";
export { Platform } from "./platform/component.ts";
export {
  ServiceMonitoring,
  type ServiceMonitoringArgs,
  type ServiceOnPlatform,
} from "./service/component.ts";
export type { Severity } from "./signals/severity.ts";

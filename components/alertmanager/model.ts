// What the rest of the platform knows of alerting: the settings of an environment, and the rules between their fields.
export { hoursInWords } from "./hours.ts";
export { workloadOwners } from "./ownership.ts";
export { alertmanagerProblems } from "./rules.ts";
export {
  type AlertmanagerSettings,
  alertmanagerSecrets,
  alertmanagerSettings,
  incidentSeverities,
  NULL_RECEIVER,
  notificationTopics,
  type ReceiverSettings,
  ROUTED_SEVERITIES,
  type RoutedSeverity,
  receiverPorts,
  regionOfTopic,
} from "./settings.ts";

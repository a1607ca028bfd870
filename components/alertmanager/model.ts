// What the rest of the platform knows of alerting: the settings of an environment, and the rules between their fields.
export { alertmanagerProblems } from "./rules.ts";
export {
  type AlertmanagerSettings,
  alertmanagerSecrets,
  alertmanagerSettings,
  NULL_RECEIVER,
  portOf,
  type ReceiverOf,
  type ReceiverSettings,
  ROUTED_SEVERITIES,
  type RoutedSeverity,
  receiverPorts,
  type SecretUse,
  type TeamRoutes,
} from "./settings.ts";

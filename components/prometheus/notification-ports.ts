import type { AlertmanagerSettings, ReceiverSettings } from "../alertmanager/model.ts";

/**
 * The TCP ports by which Alertmanager reaches the receivers of an environment, in ascending order: what its network policy opens.
 * A webhook's URL is a secret, so its port is not known and taken for that of https.
 */
export function notificationPorts({ receivers }: Pick<AlertmanagerSettings, "receivers">): number[] {
  return [...new Set(Object.values(receivers).map(portOf))].sort((a, b) => a - b);
}

function portOf(receiver: ReceiverSettings): number {
  switch (receiver.type) {
    case "pagerduty":
    case "slack":
    case "webhook":
      return 443;
    case "email":
      return Number(receiver.smarthost.split(":").at(-1));
    case "local-webhook": {
      const { port, protocol } = new URL(receiver.url);
      return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
    }
  }
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parse, stringify } from "yaml";

type Labels = Readonly<Record<string, string>>;

/** What Alertmanager sends to a webhook, as far as tests look at it. */
export interface Notification {
  /** The receiver of the configuration that it was for. */
  readonly receiver: string;
  readonly status: "firing" | "resolved";
  readonly groupLabels: Labels;
  readonly alerts: readonly NotifiedAlert[];
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

interface NotifiedAlert {
  readonly status: "firing" | "resolved";
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Everybody who is notified: a server on loopback that keeps what comes, by the receiver's name in the path. */
export class Webhook {
  readonly received: Notification[] = [];
  readonly url: string;
  private readonly server: Server;

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static async start(): Promise<Webhook> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const webhook = new Webhook(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("request", (request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        const receiver = (request.url ?? "").slice(1);
        webhook.received.push({ ...(JSON.parse(body) as Notification), receiver, at: Date.now() });
        response.end();
      });
    });
    return webhook;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Alertmanager's configuration, as far as it is taken apart here. */
export interface AlertmanagerConfig {
  readonly receivers: readonly { readonly name: string }[];
  readonly route: unknown;
  readonly [section: string]: unknown;
}

/**
 * A rendered configuration whose every receiver that notifies posts to one webhook instead, told apart by its name. Receivers that
 * notify nobody stay what they are, and the texts of notifications, which a webhook needs none of, are left out.
 */
export function notifying(
  config: string,
  url: string,
  { resolved }: { readonly resolved: boolean },
): AlertmanagerConfig {
  const rendered = parse(config) as AlertmanagerConfig;
  return {
    ...rendered,
    templates: [],
    receivers: rendered.receivers.map((receiver) =>
      Object.keys(receiver).length === 1
        ? receiver
        : {
            name: receiver.name,
            webhook_configs: [{ url: `${url}/${receiver.name}`, send_resolved: resolved }],
          },
    ),
  };
}

export function printed(config: AlertmanagerConfig): string {
  return stringify(config, { aliasDuplicateObjects: false });
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

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

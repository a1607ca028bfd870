import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A notification as somebody would have got it. */
export interface Notification {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name of the secret that led here: a routing key's, or an address'. */
  readonly secret: string;
  readonly state: "firing" | "resolved";
  /** `[prod] CRITICAL CoreDNSDown`; empty for a heartbeat. */
  readonly title: string;
  /** What it says of each of its alerts; empty for a heartbeat. */
  readonly text: string;
  /** What the receiver takes to be one thing that goes on: PagerDuty's incident, or what a Slack message is headed, however it goes. */
  readonly group: string;
}

/** A loopback server in the place of PagerDuty, Slack and the heartbeat's watcher. */
export interface Sink {
  readonly notifications: readonly Notification[];
  readonly pagerdutyUrl: string;
  /** What a mounted secret holds: the key that PagerDuty knows a team by, or an address here. */
  readonly secretValue: (name: string) => string;
  /** Answers the next message to Slack as Slack does one that came too soon after others: 429, with the seconds to wait. */
  readonly limitSlack: (retryAfter: number) => void;
  /** Whether every message is answered with an error of the server, and none is taken. */
  readonly refuseAll: (isRefusing: boolean) => void;
  /** When messages were refused, in milliseconds since 1970; they are not among the notifications. */
  readonly limited: readonly number[];
  readonly stop: () => Promise<void>;
}

interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: "trigger" | "resolve";
  readonly dedup_key: string;
  readonly payload?: { readonly summary: string; readonly custom_details: { readonly text: unknown } };
}

interface SlackMessage {
  readonly attachments: readonly { readonly title: string; readonly text: string; readonly color: string }[];
}

export async function startSink(): Promise<Sink> {
  const notifications: Notification[] = [];
  const limited: number[] = [];
  const waits: number[] = [];
  let isRefusing = false;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const wait = request.url?.startsWith("/slack") ? waits.shift() : undefined;
      if (wait !== undefined) {
        limited.push(Date.now());
        response.writeHead(429, { "retry-after": `${wait}` }).end("rate_limited");
        return;
      }
      if (isRefusing) {
        response.writeHead(503).end("unavailable");
        return;
      }
      notifications.push({ at: Date.now(), ...read(request.url ?? "", text) });
      // As PagerDuty answers, and as Slack's webhooks do: neither the code nor the type of the one would do for the other.
      const [status, type, answer] =
        request.url === "/pagerduty"
          ? ([202, "application/json", '{"status":"success","dedup_key":"k"}'] as const)
          : ([200, "text/plain", "ok"] as const);
      response.writeHead(status, { "content-type": type }).end(answer);
    });
  });
  // A connection that is closed just as it is used again would be a failed notification, and none of Alertmanager's doing.
  server.keepAliveTimeout = 10 * 60_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    notifications,
    pagerdutyUrl: `${url}/pagerduty`,
    limited,
    refuseAll: (next) => {
      isRefusing = next;
    },
    limitSlack: (retryAfter) => void waits.push(retryAfter),
    secretValue(name) {
      if (/pagerduty/i.test(name)) return `key-of-${name}`;
      return /url$/i.test(name)
        ? `${url}/${/heartbeat/i.test(name) ? "heartbeat" : "slack"}/${name}`
        : `value-of-${name}`;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function read(path: string, body: string): Omit<Notification, "at"> {
  if (path === "/pagerduty") {
    const { routing_key, event_action, dedup_key, payload } = JSON.parse(body) as PagerDutyEvent;
    return {
      secret: routing_key.replace("key-of-", ""),
      state: event_action === "trigger" ? "firing" : "resolved",
      title: payload?.summary ?? "",
      text: behindTheCount(payload?.custom_details.text ?? ""),
      group: dedup_key,
    };
  }
  const secret = path.split("/").at(-1) ?? "";
  if (path.startsWith("/heartbeat")) return { secret, state: "firing", title: "", text: "", group: secret };
  const [attachment] = (JSON.parse(body) as SlackMessage).attachments;
  const title = attachment?.title ?? "";
  return {
    secret,
    state: attachment?.color === "good" ? "resolved" : "firing",
    title,
    text: attachment?.text ?? "",
    // Without how loud it is, and how many alerts.
    group: `${secret} ${title.replace(/^(\[\S+\]) [A-Z]+ /, "$1 ").replace(/ \(\d+ alerts\)$/, "")}`,
  };
}

/** The text without the line that counts the alerts; what is no text, as JSON, so that whoever looks for something in it fails. */
function behindTheCount(text: unknown): string {
  return typeof text === "string" ? text.replace(/^.*\n\n/, "") : JSON.stringify(text);
}

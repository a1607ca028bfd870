import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  /** The media type. */
  readonly type?: string;
  readonly body?: string;
}

/** Answers a request by its method and path; the body is a text. */
export type Handler = (method: string, path: string, body: string) => Answer | Promise<Answer>;

export interface LabServer {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The most that a request may hold. */
const LARGEST = 4_000_000;

/**
 * A server on the loopback interface. It answers only who asks it by its own address, so that no page of another site reaches it through a
 * name that leads here. `port` 0 takes any that is free.
 */
export async function startServer(port: number, handler: Handler): Promise<LabServer> {
  const server = createServer((request, response) => {
    void respond(request, response, handler);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, handler: Handler): Promise<void> {
  const send = ({ status, type = "text/plain; charset=utf-8", body = "" }: Answer) =>
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? "")) {
    send({ status: 421 });
    return;
  }
  try {
    let body = "";
    for await (const part of request.setEncoding("utf8") as AsyncIterable<string>) {
      body += part;
      if (body.length > LARGEST) {
        send({ status: 413 });
        return;
      }
    }
    // A form of another site cannot send JSON.
    const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
    if (request.method === "POST" && !isJson) send({ status: 415 });
    else send(await handler(request.method ?? "GET", request.url ?? "/", body));
  } catch (error) {
    send({ status: 500, body: error instanceof Error ? error.message : String(error) });
  }
}

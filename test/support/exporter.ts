import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpSeries } from "../../components/signals/http.ts";
import { printSelector } from "../../components/signals/promql.ts";

/** Requests per second. */
export interface Traffic {
  readonly good: number;
  readonly bad: number;
}

interface Counted {
  good: number;
  bad: number;
  traffic: Traffic;
  /** Milliseconds since 1970 up to which the traffic is counted. */
  until: number;
}

/** Services that count their requests, each at a path of its own on one loopback port. Traffic is what a test says it is. */
export class Exporter {
  private readonly server: Server;
  private readonly services = new Map<string, Counted>();

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<Exporter> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const exporter = new Exporter(server);
    server.on("request", (request, response) => {
      const service = (request.url ?? "").slice(1);
      response.writeHead(exporter.services.has(service) ? 200 : 404, {
        "content-type": "text/plain; version=0.0.4",
      });
      response.end(exporter.exposition(service));
    });
    return exporter;
  }

  /** Such as `127.0.0.1:34567`. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on a service has this traffic. */
  serves(service: string, traffic: Traffic): void {
    const counted = this.count(service) ?? { good: 0, bad: 0, until: Date.now() };
    this.services.set(service, { ...counted, traffic });
  }

  /** At once, so many requests more. */
  adds(service: string, { good, bad }: Traffic): void {
    const counted = this.count(service);
    if (counted === undefined) throw new RangeError(`there is no service ${service}`);
    counted.good += good;
    counted.bad += bad;
  }

  /** At once, so many good requests more that the failed ones are this share of all. */
  dilutes(service: string, share: number): void {
    const counted = this.count(service);
    if (counted !== undefined) counted.good = Math.max(counted.good, counted.bad / share - counted.bad);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private exposition(service: string): string {
    const counted = this.count(service);
    if (counted === undefined) return "";
    return (["good", "bad"] as const)
      .map((kind) => {
        const series = httpSeries("http_requests_total", kind === "good" ? 200 : 503, {});
        return `${printSelector(series)} ${Math.round(counted[kind])}\n`;
      })
      .join("");
  }

  private count(service: string): Counted | undefined {
    const counted = this.services.get(service);
    if (counted === undefined) return undefined;
    const now = Date.now();
    const passed = (now - counted.until) / 1000;
    counted.good += counted.traffic.good * passed;
    counted.bad += counted.traffic.bad * passed;
    counted.until = now;
    return counted;
  }
}

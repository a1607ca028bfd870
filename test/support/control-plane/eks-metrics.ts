import { readFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { ControlPlane } from "./control-plane.ts";
import { EKS_METRICS } from "./workloads.ts";

/** EKS's API for the metrics of a control plane's programs: here those of this control plane's own scheduler and controllers. */
export interface EksMetrics {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const WORKLOADS = { ksh: "kube-scheduler", kcm: "kube-controller-manager" } as const;

/** The API server passes requests on after its own authorisation, so this end lets everybody in. */
export async function serveEksMetrics(plane: ControlPlane): Promise<EksMetrics> {
  const { credentials, parts } = plane;
  const file = (name: string) => readFileSync(credentials.path(name));
  const sockets = new Set<Socket>();
  const server = createServer(
    { cert: file("kube-apiserver.crt"), key: file("kube-apiserver.key") },
    (incoming, outgoing) => {
      const program = new RegExp(`^/apis/${EKS_METRICS}/v1/(ksh|kcm)/container/metrics$`).exec(
        incoming.url ?? "",
      )?.[1] as keyof typeof WORKLOADS | undefined;
      if (program === undefined) {
        outgoing.setHeader("content-type", "application/json");
        const groupVersion = `${EKS_METRICS}/v1`;
        outgoing.end(
          JSON.stringify({ kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: [] }),
        );
        return;
      }
      const asked = request(
        {
          host: "127.0.0.1",
          port: parts[WORKLOADS[program]].port,
          path: "/metrics",
          ca: file("ca.crt"),
          cert: file("admin.crt"),
          key: file("admin.key"),
        },
        (response) => {
          outgoing.writeHead(response.statusCode ?? 502, {
            "content-type": response.headers["content-type"],
          });
          response.pipe(outgoing);
        },
      );
      asked.on("error", () => outgoing.writeHead(502).end());
      asked.end();
    },
  );
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

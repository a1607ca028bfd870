import { randomUUID } from "node:crypto";
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort, startProgram } from "../../local/program.ts";
import { type Connection, connectionTo } from "../../verify/connection.ts";
import { type Written, writeRequest } from "./remote-write.ts";

/** A Prometheus of our own on the loopback interface, with the samples that history lacks. */
export interface LocalPrometheus {
  readonly connection: Connection;
  readonly write: (series: readonly Written[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Where it finds the history: a server that it reads from, or blocks. */
export type HistoryPlace =
  | { readonly server: Connection; readonly externalLabels: Readonly<Record<string, string>> }
  | { readonly blocks: string };

/** Long queries over a month may take so many seconds. */
export const PATIENCE = 300;

/**
 * Starts `program`, a Prometheus, with a history of its own. It keeps all and takes samples of any age; it scrapes, evaluates and sends
 * nothing. Blocks are linked or copied, so that the folder stays as it is. It ends with this process at the latest.
 */
export async function startLocal(program: string, place: HistoryPlace): Promise<LocalPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-replay-"));
  const data = join(folder, "data");
  mkdirSync(data);
  const forwarder = "server" in place ? await forwarderTo(place.server) : undefined;
  const port = await freePort();
  if ("blocks" in place) linkBlocks(place.blocks, data);
  const config = join(folder, "prometheus.yaml");
  writeFileSync(
    config,
    stringify({
      global: "server" in place ? { external_labels: place.externalLabels } : {},
      storage: { tsdb: { out_of_order_time_window: "100y" } },
      ...(forwarder && {
        remote_read: [{ url: forwarder.url, read_recent: true, remote_timeout: `${PATIENCE}s` }],
      }),
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  const clear = () => {
    forwarder?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const running = await startProgram(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      "--web.enable-remote-write-receiver",
      `--query.timeout=${PATIENCE}s`,
      "--storage.remote.read-sample-limit=0",
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    `${url}/-/ready`,
  ).catch((error: unknown) => {
    clear();
    throw error;
  });
  const stop = async () => {
    await running.stop();
    clear();
  };
  return {
    connection: connectionTo(url, undefined, "review", { limit: PATIENCE }),
    stop,
    write: async (series) => {
      const response = await fetch(`${url}/api/v1/write`, {
        method: "POST",
        headers: { "content-encoding": "snappy", "content-type": "application/x-protobuf" },
        body: new Uint8Array(writeRequest(series)),
      });
      if (!response.ok)
        throw new Error(
          `the Prometheus of the replay answers ${response.status} to a write: ${await response.text()}`,
        );
    },
  };
}

/** The newest sample of a folder's blocks, in Unix seconds; undefined where it has none. */
export function newestIn(folder: string): number | undefined {
  const times = blocksIn(folder).map((block) => {
    const { maxTime } = JSON.parse(readFileSync(join(folder, block, "meta.json"), "utf8")) as {
      readonly maxTime: number;
    };
    return maxTime / 1000;
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The blocks of a data directory of Prometheus, which are folders with a meta.json. */
export function blocksIn(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, "meta.json")))
    : [];
}

function linkBlocks(from: string, to: string): void {
  for (const block of blocksIn(from)) linkFolder(join(from, block), join(to, block));
  // What is not in a block yet. Prometheus writes to these files.
  for (const name of ["wal", "chunks_head"])
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true });
}

/** Files of a block are never changed, so another name for them is as good as a copy. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else
      try {
        linkSync(source, target);
      } catch {
        cpSync(source, target);
      }
  }
}

interface Forwarder {
  readonly url: string;
  readonly stop: () => void;
}

/**
 * Where the Prometheus of the replay reads from a server: this process passes its requests on and adds the credentials, so that they are
 * in no file. The path has a random part, so that no other program of this machine reads through it.
 */
async function forwarderTo({ href, authorization }: Connection): Promise<Forwarder> {
  const path = `/${randomUUID()}/read`;
  const target = new URL("api/v1/read", href);
  const server = createServer((incoming, outgoing) => {
    if (incoming.url !== path) {
      outgoing.writeHead(404).end();
      return;
    }
    const { host: _, connection: __, ...headers } = incoming.headers;
    const passed = (target.protocol === "https:" ? requestHttps : requestHttp)(
      target,
      { method: "POST", headers: { ...headers, ...(authorization && { authorization }) } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", (error) => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end(error.message);
    });
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

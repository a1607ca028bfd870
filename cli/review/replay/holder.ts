import { parse } from "yaml";
import type { Connection } from "../../verify/connection.ts";
import { isMap } from "../leaves.ts";
import { type LocalPrometheus, startLocal } from "./local.ts";
import type { ReplayRequest } from "./request.ts";

/** The Prometheus with the computed series; it is started for the first of them. */
export class Holder {
  private readonly request: ReplayRequest;
  private started: Promise<LocalPrometheus | undefined> | undefined;

  constructor(request: ReplayRequest) {
    this.request = request;
  }

  get(): Promise<LocalPrometheus | undefined> {
    this.started ??= this.start();
    return this.started;
  }

  async stop(): Promise<void> {
    if ("program" in this.request.local) await (await this.started)?.stop();
  }

  private async start(): Promise<LocalPrometheus | undefined> {
    const { local, history } = this.request;
    if (!("program" in local)) return local;
    if (local.program === undefined) return undefined;
    return startLocal(local.program, { server: history, externalLabels: await externalLabels(history) });
  }
}

/** What a server adds to all series that others read from it; a reader with the same labels takes them off again. */
async function externalLabels({ ask }: Connection): Promise<Readonly<Record<string, string>>> {
  const { yaml } = await ask<{ readonly yaml: string }>("status/config");
  const config: unknown = parse(yaml);
  const global = isMap(config) ? config["global"] : undefined;
  const labels = isMap(global) ? global["external_labels"] : undefined;
  return isMap(labels)
    ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
    : {};
}

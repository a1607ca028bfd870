import { externalLabels } from "./external-labels.ts";
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

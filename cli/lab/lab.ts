import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import type { Environment } from "../../stacks/environment.ts";
import { freePort, startProgram } from "../local/program.ts";
import { connectionTo } from "../verify/connection.ts";
import { alertmanagerConfig, prometheusConfig, prometheusFlags, ruleGroups } from "./configuration.ts";
import { Experiment } from "./experiment.ts";
import { labHtml } from "./page.ts";
import type { labPrograms } from "./programs.ts";
import { type Handler, startServer } from "./server.ts";

/** What a lab is started with. */
export interface LabSettings {
  readonly environment: Environment;
  readonly services: readonly ServiceMonitoringArgs[];
  readonly programs: ReturnType<typeof labPrograms>;
  /** How many times faster time passes than in production. */
  readonly faster: number;
  /** The port of the page; 0: any that is free. */
  readonly port: number;
}

/** A lab that runs. */
export interface Lab {
  /** The page. */
  readonly url: string;
  /** Ends every program and removes every file of the lab. */
  readonly stop: () => Promise<void>;
}

/** What is undone when a lab stops, the last first. */
type Stops = (() => Promise<void>)[];

/**
 * Starts Prometheus and Alertmanager of the deployed versions on the loopback interface, with the rules and routes of an environment, and its services
 * as simulated programs. Where anything does not start, what did start is stopped.
 */
export async function startLab(settings: LabSettings): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-lab-"));
  const stops: Stops = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    return { url: await start(settings, folder, stops), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(settings: LabSettings, folder: string, stops: Stops): Promise<string> {
  const { environment, services, programs, faster, port } = settings;
  const experiment = new Experiment(environment, services, faster);
  const serve = async (at: number, handler: Handler) => {
    const { url, stop } = await startServer(at, handler);
    stops.push(stop);
    return url;
  };
  const run = async (program: string, args: readonly string[], at: number) => {
    const url = `http://127.0.0.1:${at}`;
    const { stop } = await startProgram(
      program,
      [...args, `--web.listen-address=127.0.0.1:${at}`],
      `${url}/-/ready`,
    );
    stops.push(stop);
    return url;
  };
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  const receivers = await serve(0, (_, path, body) => experiment.receive(path, body));
  const exporter = await serve(0, (_, path) => experiment.scrape(path));
  const configuration = alertmanagerConfig(experiment.rendered.configuration, receivers, faster);
  const alertmanager = await run(
    programs.alertmanager.path,
    [
      `--config.file=${write("alertmanager.yaml", configuration)}`,
      `--storage.path=${join(folder, "alertmanager")}`,
      "--cluster.listen-address=",
    ],
    await freePort(),
  );
  const { isSimulated } = experiment;
  write("rules.yaml", stringify({ groups: ruleGroups(environment, services, { faster, isSimulated }) }));
  const addresses = { exporter: new URL(exporter).host, alertmanager: new URL(alertmanager).host };
  const prometheus = await run(
    programs.prometheus.path,
    [
      `--config.file=${write("prometheus.yaml", prometheusConfig(environment, services, addresses, faster))}`,
      `--storage.tsdb.path=${join(folder, "prometheus")}`,
      ...prometheusFlags(faster),
    ],
    await freePort(),
  );

  const connection = connectionTo(prometheus, undefined, "lab");
  const page = labHtml({
    environment: environment.name,
    faster,
    programs: Object.entries(programs).map(([name, { version, from }]) => `${name} ${version} from ${from}`),
    services: experiment.services,
  });
  return serve(port, async (method, path, body) => {
    switch (`${method} ${path}`) {
      case "GET /":
        return { status: 200, type: "text/html; charset=utf-8", body: page };
      case "GET /state.json":
        return {
          status: 200,
          type: "application/json",
          body: JSON.stringify(await experiment.state(connection)),
        };
      case "POST /faults":
        return { status: experiment.switchFault(JSON.parse(body)) ? 204 : 404 };
      default:
        return { status: 404 };
    }
  });
}

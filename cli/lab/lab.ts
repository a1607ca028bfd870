import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ServiceMonitoringArgs } from "../../components/service/render.ts";
import type { Environment } from "../../stacks/environment.ts";
import { freePort, startProgram } from "../local/program.ts";
import { type Connection, connectionTo } from "../verify/connection.ts";
import { alertmanagerConfig, prometheusConfig, prometheusFlags, ruleGroups } from "./configuration.ts";
import { LabDashboards } from "./dashboards.ts";
import { debriefOf } from "./debrief.ts";
import { Experiment } from "./experiment.ts";
import { GameDay } from "./game-day.ts";
import { labHtml } from "./page.ts";
import type { labPrograms } from "./programs.ts";
import type { Scenario } from "./scenarios.ts";
import { type Handler, startServer } from "./server.ts";

/** What a lab is started with. */
export interface LabSettings {
  readonly environment: Environment;
  readonly services: readonly ServiceMonitoringArgs[];
  readonly programs: Awaited<ReturnType<typeof labPrograms>>;
  /** How many times faster time passes than in production. */
  readonly faster: number;
  /** The port of the page; 0: any that is free. */
  readonly port: number;
  /** A game day to play; left out: faults are switched by hand. */
  readonly scenario?: { readonly name: string; readonly scenario: Scenario };
}

/** A lab that runs. */
export interface Lab {
  /** The page. */
  readonly url: string;
  /** The debrief of the game day as Markdown, when it is over or was stopped before; left out: none is played. */
  readonly debrief?: Promise<string>;
  /** Ends every program and removes every file of the lab. */
  readonly stop: () => Promise<void>;
}

/** What is undone when a lab stops, the last first. */
type Stops = (() => void | Promise<void>)[];

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
    return { ...(await start(settings, folder, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(settings: LabSettings, folder: string, stops: Stops): Promise<Omit<Lab, "stop">> {
  const { environment, services, programs, faster, port, scenario } = settings;
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
      `--config.file=${write("prometheus.yaml", prometheusConfig(environment, experiment.targets, addresses, faster))}`,
      `--storage.tsdb.path=${join(folder, "prometheus")}`,
      ...prometheusFlags(faster),
    ],
    await freePort(),
  );

  const connection = connectionTo(prometheus, undefined, "lab");
  const dashboards = new LabDashboards(environment.name, services, { prometheus, faster });
  const gameDay = scenario && new GameDay(scenario.scenario, experiment, faster);
  const page = labHtml({
    environment: environment.name,
    faster,
    programs: Object.entries(programs).map(([name, { version, from }]) => `${name} ${version} from ${from}`),
    services: experiment.services,
    dashboards: dashboards.titles,
    ...(scenario && { scenario: scenario.scenario }),
  });
  const url = await serve(port, async (method, path, body) => {
    switch (`${method} ${path}`) {
      case "GET /":
        return { status: 200, type: "text/html; charset=utf-8", body: page };
      case "GET /state.json":
        return {
          status: 200,
          type: "application/json",
          body: JSON.stringify(await experiment.state(connection, gameDay?.state(Date.now()))),
        };
      case "POST /faults":
        return { status: experiment.switchFault(JSON.parse(body)) ? 204 : 404 };
      default: {
        const [, index] = /^GET \/dashboards\/(\d+)$/.exec(`${method} ${path}`) ?? [];
        const body =
          index === undefined ? undefined : await dashboards.drawn(Number(index), experiment.settled);
        return body === undefined ? { status: 404 } : { status: 200, type: "text/html; charset=utf-8", body };
      }
    }
  });
  if (scenario === undefined || gameDay === undefined) return { url };
  const played = playedBy(gameDay, experiment, connection);
  stops.push(async () => {
    gameDay.stop();
    await played;
  });
  const debrief = played.then((result) =>
    debriefOf({
      ...result,
      ...scenario,
      environment: environment.name,
      faster,
      programs: Object.entries(programs).map(([name, { version }]) => `${name} ${version}`),
    }),
  );
  return { url, debrief };
}

/** Milliseconds between two looks at the alerts. */
const OBSERVED = 250;

/** Plays a game day and writes down what there was. */
async function playedBy(gameDay: GameDay, experiment: Experiment, connection: Connection) {
  const observing = setInterval(() => void experiment.observe(connection).catch(() => {}), OBSERVED);
  try {
    await gameDay.play();
  } finally {
    clearInterval(observing);
  }
  const until = Date.now();
  const from = gameDay.from ?? until;
  return {
    from,
    until,
    steps: gameDay.steps,
    trials: experiment.trials,
    alerts: experiment.log.all.filter(({ over = until }) => over > from),
    notifications: experiment.notifications.filter(({ at }) => at >= from),
    budgets: experiment.budgets(until),
  };
}

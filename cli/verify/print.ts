import { InvalidInputError, shown } from "../../components/core/problems.ts";
import { nearest } from "../../components/core/validation.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { findingLines } from "../doctor/finding.ts";
import { EXIT, type Exit } from "../exit.ts";
import { paintFor } from "../paint.ts";
import { count } from "../report/numbers.ts";
import { prometheusAt } from "./prometheus.ts";
import { verify } from "./verify.ts";

/** How services are verified. */
export interface VerifyFlags {
  readonly prometheus: string;
  /** One service. Default: all that run in the environment. */
  readonly service?: string;
  /** As YYYY-MM-DD. */
  readonly today: string;
}

/** Verifies the services of an environment against its Prometheus, and prints what was found. `namespace` is that of the platform. */
export async function printVerified(
  environment: string,
  services: Readonly<Record<string, ServiceMonitoringArgs>>,
  { prometheus, service }: VerifyFlags,
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
  namespace: string | undefined,
): Promise<Exit> {
  const chosen =
    service === undefined
      ? Object.values(services)
      : [services[service] ?? refuse(service, Object.keys(services))];
  const verified = await verify(chosen, prometheusAt(prometheus, env["PROMETHEUS_TOKEN"], namespace));
  const paint = paintFor(stdout, env);
  for (const { service: name, findings } of verified)
    stdout.write(`${paint.bold(name)}\n${findingLines(findings, paint)}\n`);
  const wrong = verified.flatMap(({ findings }) => findings).filter(({ state }) => state === "wrong").length;
  const result = wrong === 0 ? paint.green("as defined") : paint.red(`not as defined: ${wrong} to fix`);
  stdout.write(`${environment}: ${count(verified.length, "service")}, ${result}\n`);
  return wrong === 0 ? EXIT.fine : EXIT.refused;
}

function refuse(service: string, names: readonly string[]): never {
  const near = nearest(service, names);
  throw new InvalidInputError("verify", [
    {
      path: "--service",
      found: shown(service),
      allowed: `one of ${names.join(", ")}`,
      fix: near === undefined ? "correct it" : `write ${near}`,
    },
  ]);
}

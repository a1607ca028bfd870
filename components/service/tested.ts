import type { Tested } from "../core/promtool.ts";
import type { ServiceMonitoringArgs } from "./arguments.ts";
import { formOf } from "./form.ts";
import { renderServiceTests } from "./render.ts";

/** The promtool cases of a service's alerts, and what they have in common with those of services that are defined alike. */
export function testedService(args: ServiceMonitoringArgs): Tested {
  const form = formOf(args);
  return {
    files: () => renderServiceTests(args),
    form: form && { key: form.key, names: form.names, files: () => renderServiceTests(form.args) },
  };
}

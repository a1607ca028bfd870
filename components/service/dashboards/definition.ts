import { z } from "zod";
import { list, text } from "../../core/schema.ts";

// Dashboards of a team, as Grafana exports them. What becomes of one stands in taken.ts.

/** The path of a file, from the file of the definition. */
const path = () =>
  text(/^[^\s\\][^\n\\]{0,198}\.json$/, "the path of an exported dashboard, such as ./orders.json");

const content = z.strictObject({
  file: path().meta({ description: "What the file is called." }),
  dashboard: z
    .record(z.string(), z.unknown(), { error: "the JSON of a dashboard, as Grafana exports it" })
    .meta({ description: "What the file contains." }),
});

/** A path, which defineService replaces by what the file contains. */
const dashboardFile = z.union([path(), content], {
  error: "the path of an exported dashboard, such as ./orders.json, or a map of file and dashboard",
});

export const dashboardFiles = () => list(dashboardFile, 0, 20);

export type DashboardFileContent = Readonly<z.output<typeof content>>;

// Who uses a platform: the programs of teams, which create objects in its namespace.

/** The label of every object that a program of a team creates on a platform. The platform's own objects do not have it. */
export const PROGRAM_LABEL = "bellwether.dev/program";

/** The label's value for a stack of a program: `<project>.<stack>`, without what a label cannot hold. */
export function programOf(project: string, stack: string): string {
  const value = `${project}.${stack}`.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 63);
  return value.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
}

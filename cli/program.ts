import "./command-line/deferred.ts";
import { type MapPlace, readPlaces } from "../components/core/call-site.ts";
import { runProcess } from "./command-line/run.ts";
import { COMMANDS } from "./commands/index.ts";

/**
 * Runs the command line of the platform's repository in this process. Where its sources were compiled into one file, `places` tells where a
 * place in that file stands in them.
 */
export function main(places?: MapPlace): Promise<void> {
  if (places !== undefined) readPlaces(places);
  return runProcess(COMMANDS, "repository");
}

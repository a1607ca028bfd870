import "./command-line/deferred.ts";
import { runProcess } from "./command-line/run.ts";
import { COMMANDS } from "./commands/index.ts";

// `bellwether` in the platform's repository. cli/team/main.ts is the same command in the npm package.
await runProcess(COMMANDS, "repository");

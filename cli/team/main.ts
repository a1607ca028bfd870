import "../command-line/deferred.ts";
import { runProcess } from "../command-line/run.ts";
import { COMMANDS } from "../commands/index.ts";

// `bellwether` in the npm package. cli/main.ts is the same command in the platform's repository.
await runProcess(COMMANDS, "package");

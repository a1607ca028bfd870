import { main } from "./program.ts";

// `bellwether` in the platform's repository, file by file; bellwether.js runs it as one. cli/team/main.ts is the same command in the npm package.
await main();

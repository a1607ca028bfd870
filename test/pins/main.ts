import { fileURLToPath } from "node:url";
import { heldBack, pinsOf } from "./pins.ts";
import { REGISTRIES } from "./registries.ts";
import { report } from "./table.ts";

// npm run pins: says of each version that the repository pins what is newer, by the registries. It changes nothing, and needs no
// account. A registry that does not answer is a line below the table and no failure.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

process.stdout.write(await report(await pinsOf(ROOT), heldBack(ROOT), REGISTRIES));

import { serve } from "../simulator.ts";
import { grafanaSimulator } from "./simulator.ts";

await serve(grafanaSimulator);

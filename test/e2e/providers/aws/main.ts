import { serve } from "../simulator.ts";
import { awsSimulator } from "./simulator.ts";

await serve(awsSimulator);

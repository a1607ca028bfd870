import { serve } from "../simulator.ts";
import { kubernetesSimulator } from "./simulator.ts";

await serve(kubernetesSimulator);

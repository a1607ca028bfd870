import { z } from "zod";
import { choice, dnsLabel, named, text, toggle } from "../core/schema.ts";
import { objectives } from "./objectives.ts";
import { batchPreset, grpcPreset, httpPreset, probePreset, workerPreset } from "./presets.ts";

/** How much a failure of the service matters; sets its default objective. */
export const SERVICE_TIERS = ["critical", "standard", "best-effort"] as const;
export type ServiceTier = (typeof SERVICE_TIERS)[number];

export const serviceSchema = z.strictObject({
  name: dnsLabel().meta({ description: "The label `service`, unique in an environment." }),
  owner: dnsLabel().meta({ description: "The team that is notified. One of alertmanager.teams." }),
  tier: choice(SERVICE_TIERS).meta({ description: "Sets the default objective." }),
  description: text(/^\S[^\n]{4,199}$/, "one line of 5 to 200 characters that says what the service does"),
  namespace: dnsLabel().meta({ description: "The namespace that the service runs in." }),
  http: httpPreset.optional().meta({ description: "Where and how the service reports its HTTP requests." }),
  grpc: grpcPreset.optional().meta({ description: "Where and how the service reports its gRPC calls." }),
  worker: workerPreset.optional().meta({
    description: "Where and how the service reports the messages or jobs that it works through.",
  }),
  batch: batchPreset
    .optional()
    .meta({ description: "The job that runs now and then, and how its success is known." }),
  probe: probePreset.optional().meta({ description: "What is probed from outside of the service." }),
  objectives: objectives.prefault({}).meta({ description: "What the service promises." }),
  environments: named(
    dnsLabel(),
    z.strictObject({
      enabled: toggle().default(true).meta({ description: "Whether the service runs there." }),
      worker: workerPreset.optional().meta({
        description: "Where and how the service reports the messages or jobs that it works through.",
      }),
      batch: batchPreset
        .optional()
        .meta({ description: "The job that runs now and then, and how its success is known." }),
      probe: probePreset.optional().meta({ description: "What is probed from outside of the service." }),
      objectives: objectives.prefault({}).meta({ description: "Promises that differ there." }),
    }),
  )
    .prefault({})
    .meta({ description: "What differs in an environment, by its name." }),
});

/** What a team writes. */
export type ServiceDefinition = z.input<typeof serviceSchema>;
/** A service, checked and with every default filled in. */
export type Service = Readonly<z.output<typeof serviceSchema>>;

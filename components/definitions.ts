// The entry point for definitions: only data and its checks, without Pulumi, so that they load in milliseconds.

export type { Duration } from "./core/duration.ts";
export { InvalidInputError, type Problem } from "./core/problems.ts";
export { type PlatformHandover, RELEASE } from "./platform/model.ts";
export {
  defineService,
  SERVICE_TIERS,
  type Service,
  type ServiceDefinition,
  type ServiceTier,
} from "./service/model.ts";

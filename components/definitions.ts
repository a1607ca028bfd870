// The door for definitions alone: data and its checks, without a line of Pulumi, so that they load in milliseconds anywhere.

export { InvalidInputError, type Problem } from "./core/problems.ts";
export { type PlatformHandover, RELEASE } from "./platform/model.ts";
export {
  defineService,
  SERVICE_TIERS,
  type Service,
  type ServiceDefinition,
  type ServiceTier,
} from "./service/model.ts";

import { createRequire } from "node:module";
import type { Configuration } from "./configuration.ts";

/** What the engine said in its calls that Pulumi's SDK for providers hands on to nobody. */
export interface Heard {
  /** How the provider is configured. */
  readonly config: () => Configuration;
  /** Whether the update of a resource that runs is part of a preview. */
  readonly previews: (urn: string) => boolean;
  /** What names that the provider makes up are made of. A saved plan has it, so that the update makes up the same ones. */
  readonly seed: (urn: string) => Uint8Array;
}

/**
 * Listens to the calls on their way in and to the answers on their way out. A simulator that supports previews, as the real
 * providers do, is asked by the engine in a preview too what an update would meet. A creation in a preview is answered
 * here, with what was asked for.
 */
export function listenToEngine(supportsPreview: boolean): Heard {
  const require = createRequire(import.meta.url);
  const requireFromPulumi = createRequire(require.resolve("@pulumi/pulumi"));
  const { Server } = requireFromPulumi("@grpc/grpc-js") as { Server: { prototype: GrpcServer } };
  const { CreateResponse } = requireFromPulumi("@pulumi/pulumi/proto/provider_pb") as Messages;
  const { addService } = Server.prototype;
  let config: Configuration = {};
  const previewed = new Set<string>();
  const seeds = new Map<string, Uint8Array>();
  Server.prototype.addService = function (definition, implementation) {
    const { check, configure, create, update } = implementation;
    implementation.check = (call, callback) => {
      seeds.set(call.request.getUrn(), call.request.getRandomseed_asU8());
      check.call(implementation, call, callback);
    };
    implementation.configure = (call, callback) => {
      config = call.request.getArgs()?.toJavaScript() ?? {};
      configure.call(implementation, call, (error, response) => {
        response?.setSupportspreview(supportsPreview);
        callback(error, response);
      });
    };
    implementation.create = (call, callback) => {
      if (!call.request.getPreview()) return create.call(implementation, call, callback);
      const response = new CreateResponse();
      response.setProperties(call.request.getProperties());
      callback(null, response);
    };
    implementation.update = (call, callback) => {
      const urn = call.request.getUrn();
      if (call.request.getPreview()) previewed.add(urn);
      update.call(implementation, call, (error, response) => {
        previewed.delete(urn);
        callback(error, response);
      });
    };
    addService.call(this, definition, implementation);
  };
  return {
    config: () => config,
    previews: (urn) => previewed.has(urn),
    seed: (urn) => seeds.get(urn) ?? new Uint8Array(),
  };
}

/** The part of gRPC's server that is listened to. */
interface GrpcServer {
  addService(definition: unknown, implementation: Implementation): void;
}

interface Implementation {
  check: Handler<{ getUrn(): string; getRandomseed_asU8(): Uint8Array }, object>;
  configure: Handler<
    { getArgs(): { toJavaScript(): Record<string, unknown> } | undefined },
    { setSupportspreview(supports: boolean): void }
  >;
  create: Handler<{ getPreview(): boolean; getProperties(): unknown }, CreateAnswer>;
  update: Handler<{ getPreview(): boolean; getUrn(): string }, object>;
}

type Handler<Request, Response> = (
  call: { readonly request: Request },
  callback: (error: unknown, response?: Response) => void,
) => void;

interface CreateAnswer {
  setProperties(properties: unknown): void;
}

interface Messages {
  readonly CreateResponse: new () => CreateAnswer;
}

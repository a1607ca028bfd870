import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import type { RunPluginRequest, RunPluginResponse, RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { endWithParent } from "../providers/interruption.ts";

/**
 * Stands in for `pulumi-language-nodejs`, which is not to be had as a Go module: it does what that does for this project, and no
 * more. The engine asks it to run a program; it starts Node with the `nodeargs` of Pulumi.yaml on Pulumi's own
 * `cmd/run`, in the folder that `main` names. Asked to run a policy pack, it starts Pulumi's `cmd/run-policy-pack`. So the CLI itself
 * deploys the program, the way it does on anybody's machine.
 */

// Pulumi's own copies of gRPC and of the messages: those of another copy would be refused.
const requireFromPulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc = requireFromPulumi("@grpc/grpc-js") as Grpc;
const services = requireFromPulumi("@pulumi/pulumi/proto/language_grpc_pb") as LanguageServices;
const messages = requireFromPulumi(
  "@pulumi/pulumi/proto/language_pb",
) as typeof import("@pulumi/pulumi/proto/language_pb.js");
const plugins = requireFromPulumi(
  "@pulumi/pulumi/proto/plugin_pb",
) as typeof import("@pulumi/pulumi/proto/plugin_pb.js");

/** The exit code with which `cmd/run` says that it has told the reason already. */
const TOLD_ALREADY = 32;

const [engineAddress = ""] = process.argv.slice(2);
endWithParent();
const server = new grpc.Server();
server.addService(services.LanguageRuntimeService, {
  getPluginInfo: answering(() => {
    const info = new plugins.PluginInfo();
    info.setVersion("0.0.0-stand-in");
    return info;
  }),
  // None: the providers' plugins are on PATH, and the engine learns of each when it is used.
  getRequiredPackages: answering(() => new messages.GetRequiredPackagesResponse()),
  getRequiredPlugins: answering(() => new messages.GetRequiredPluginsResponse()),
  run: answering(async (request) => {
    const response = new messages.RunResponse();
    const code = await runProgram(request as RunRequest);
    if (code === TOLD_ALREADY) response.setBail(true);
    else if (code !== 0) response.setError(`the program ended with code ${code}`);
    return response;
  }),
  runPlugin,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // Standard output belongs to the protocol: the port is its first line.
  console.log(String(port));
});

function runProgram(request: RunRequest): Promise<number> {
  const info = request.getInfo();
  const options = (info?.getOptions()?.toJavaScript() ?? {}) as { readonly nodeargs?: string };
  const nodeArguments = options.nodeargs?.split(" ").filter((word) => word !== "") ?? [];
  const flags = {
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    parallel: String(request.getParallel()),
    "root-directory": info?.getRootDirectory() ?? "",
  };
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments,
      requireFromPulumi.resolve("@pulumi/pulumi/cmd/run/index.js"),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      request.getProgram(),
    ],
    {
      cwd: request.getPwd(),
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** A policy pack, served until the engine has no more questions: its two outputs go to the engine, which reads its port there. */
function runPlugin(call: PluginCall): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory() ?? "";
  const child = spawn(
    process.execPath,
    [
      requireFromPulumi.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js"),
      ...request.getArgsList(),
      folder,
    ],
    { cwd: folder, env: process.env, stdio: ["ignore", "pipe", "pipe"] },
  );
  const send = (fill: (response: RunPluginResponse) => void) => {
    const response = new messages.RunPluginResponse();
    fill(response);
    call.write(response);
  };
  child.stdout.on("data", (chunk: Uint8Array) => send((response) => response.setStdout(chunk)));
  child.stderr.on("data", (chunk: Uint8Array) => send((response) => response.setStderr(chunk)));
  child.on("close", (code) => {
    send((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.on("cancelled", () => child.kill());
  // The engine ends its language host with a signal; the pack must not outlive it.
  process.once("exit", () => child.kill());
}

interface PluginCall {
  readonly request: RunPluginRequest;
  write(response: RunPluginResponse): void;
  end(): void;
  on(event: "cancelled", listener: () => void): void;
}

/** A handler of gRPC from a function that answers, or that throws what is wrong. */
function answering(answer: (request: unknown) => unknown): Handler {
  return (call, callback) => {
    Promise.resolve(answer(call.request)).then(
      (response) => callback(null, response),
      (error: Error) => callback(error),
    );
  };
}

type Handler = (
  call: { readonly request: unknown },
  callback: (error: Error | null, response?: unknown) => void,
) => void;

interface Grpc {
  readonly Server: new () => {
    addService(service: unknown, handlers: Readonly<Record<string, Handler | typeof runPlugin>>): void;
    bindAsync(
      address: string,
      credentials: unknown,
      callback: (error: Error | null, port: number) => void,
    ): void;
  };
  readonly ServerCredentials: { createInsecure(): unknown };
}

interface LanguageServices {
  readonly LanguageRuntimeService: unknown;
}

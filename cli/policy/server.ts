import { type ChildProcess, spawn } from "node:child_process";
import type { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import { TODAY_VARIABLE } from "../../policies/rules/today.ts";
import { WAIVERS_VARIABLE } from "../../policies/rules/waivers-variable.ts";
import { requireFromPulumi } from "./protocol.ts";

const SECONDS_TO_START = 180;

/** A policy pack that serves, in a process of its own. */
export interface PackServer {
  readonly client: AnalyzerClient;
  /** Ends the process and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** The pack could not be started or stopped answering: a defect of the pack or of the installation. */
export class PackServerError extends Error {
  override readonly name = "PackServerError";
}

/**
 * Starts one of our packs, which serves its Analyzer and prints the port. The process is started at once; the promise is for its port.
 * `today` is the day that its policies and waivers are judged at, and `waivers` the file of waivers, none if it is left out. The engine starts packs with Pulumi's `run-policy-pack`, which loads
 * TypeScript's compiler first, a third of what the start costs; ours are JavaScript to Node and have no use for it.
 */
export function startPack(folder: string, today: string, waivers = ""): Promise<PackServer> {
  return startServer(folder, [folder], { [TODAY_VARIABLE]: today, [WAIVERS_VARIABLE]: waivers });
}

/** Starts any pack written in TypeScript or JavaScript as the engine does, with Pulumi's `run-policy-pack`. */
export function startAnyPack(folder: string, variables: NodeJS.ProcessEnv): Promise<PackServer> {
  const runner = requireFromPulumi.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  // The address is the engine's, to which a pack may log. Nobody is there.
  return startServer(folder, [runner, "127.0.0.1:0", folder], variables);
}

async function startServer(
  folder: string,
  command: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<PackServer> {
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { ...withoutLoaders(process.env), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whatever ends this process ends the child: a server waits for nothing and would stay.
  const endWithUs = () => void child.kill();
  process.once("exit", endWithUs);
  const gone = new Promise<void>((resolve) =>
    child.once("close", () => {
      process.off("exit", endWithUs);
      resolve();
    }),
  );
  try {
    const port = await portOf(child, folder);
    // Pulumi's own copy of gRPC: credentials of another copy would not do.
    const grpc = requireFromPulumi("@grpc/grpc-js") as Grpc;
    const { AnalyzerClient: Client } = requireFromPulumi(
      "@pulumi/pulumi/proto/analyzer_grpc_pb",
    ) as typeof import("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
    const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), LARGE_MESSAGES);
    return {
      client,
      stop: async () => {
        client.close();
        child.kill();
        await gone;
      },
    };
  } catch (error) {
    child.kill("SIGKILL");
    await gone;
    throw error;
  }
}

type Grpc = { readonly credentials: { createInsecure(): ConstructorParameters<typeof AnalyzerClient>[1] } };

// A stack goes to its policies as one message; gRPC's own limit is 4 MiB.
const LARGE_MESSAGES = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** The pack registers its own loader: ours would be one more, and the slower one. */
function withoutLoaders(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, ...rest } = environment;
  return rest;
}

function portOf(child: ChildProcess, folder: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let printed = "";
    let complained = "";
    const fail = (what: string) =>
      reject(
        new PackServerError(`the policy pack ${folder} ${what}${complained && `:\n${complained.trim()}`}`),
      );
    // The port may have been printed while the program that is recorded kept this process busy: what waits is read first.
    let timer = setTimeout(() => {
      timer = setTimeout(() => fail(`did not start within ${SECONDS_TO_START} s`), 1000);
    }, SECONDS_TO_START * 1000);
    child.stderr?.on("data", (chunk: Buffer) => {
      complained = (complained + chunk.toString()).slice(-20_000);
    });
    child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /^\s*(\d+)\s*\n/.exec(printed)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      fail(`could not be started: ${error.message}`);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code ?? "none"} before it served`);
    });
  });
}

/** The environment variable that says when a simulated deployment is interrupted, and how. */
const INTERRUPTION_VARIABLE = "BELLWETHER_SIMULATED_INTERRUPTION";

/**
 * What happens once a provider was asked so many times to create, change or delete something: with `killed` the engine is killed as
 * by `kill -9`, with `away` the API answers no more. The last request is carried out and its answer is lost either way.
 */
export interface Interruption {
  readonly how: "killed" | "away";
  readonly after: number;
}

/** How the variable is set for an interruption. */
export function interruptionVariable({ how, after }: Interruption): Record<string, string> {
  return { [INTERRUPTION_VARIABLE]: `${how} after ${after}` };
}

/** Counts the requests of this process, and interrupts where the environment says. */
export class Requests {
  private readonly interruption = parsed(process.env[INTERRUPTION_VARIABLE]);
  private readonly engine = process.ppid;
  private count = 0;

  /** Carries out a request, unless nobody answers any more. */
  async carryOut<T>(request: () => Promise<T>): Promise<T> {
    if (this.interruption === undefined) return await request();
    const number = ++this.count;
    const { how, after } = this.interruption;
    if (number > after) return await this.noAnswer(how);
    const answer = await request();
    return number === after ? await this.noAnswer(how) : answer;
  }

  /** Rejects if nobody answers any more. */
  async reach(): Promise<void> {
    const { how, after } = this.interruption ?? { how: "away", after: Number.POSITIVE_INFINITY };
    if (this.count >= after) await this.noAnswer(how);
  }

  private async noAnswer(how: Interruption["how"]): Promise<never> {
    if (how === "away") throw new Error("dial tcp 127.0.0.1:6443: connect: connection refused");
    // The engine is this process's parent, as long as it lives. What it asked meanwhile is asked by nobody any more.
    if (process.ppid === this.engine) process.kill(this.engine, "SIGKILL");
    return await new Promise<never>(() => {});
  }
}

function parsed(text: string | undefined): Interruption | undefined {
  const [, how, after] = /^(killed|away) after (\d+)$/.exec(text ?? "") ?? [];
  if (how === undefined) return undefined;
  return { how: how as Interruption["how"], after: Number(after) };
}

/** Ends this process when the one that started it is gone, as a plugin does whose engine was killed. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.exit(1), 500).unref();
}

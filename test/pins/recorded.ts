import type { Access } from "./registries.ts";

/** An answer over HTTPS as it was recorded, cut to what is read of it. */
interface Recorded {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Only for who sends this token. */
  readonly token?: string;
}

/** Registries that answer from a recording, by URL or by command line; what is not recorded is not reached. */
export function recorded(
  urls: Readonly<Record<string, Recorded>>,
  commands: Readonly<Record<string, string>> = {},
): Access & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async fetch(url, headers) {
      asked.push(url);
      const answer = urls[url];
      if (answer === undefined)
        throw new TypeError("fetch failed", {
          cause: new Error(`getaddrinfo ENOTFOUND ${new URL(url).host}`),
        });
      if (answer.token !== undefined && headers["authorization"] !== `Bearer ${answer.token}`)
        return new Response("", {
          status: 401,
          headers: {
            "www-authenticate": `Bearer realm="https://registry.example/auth",service="registry.example",scope="repository:a/b:pull"`,
          },
        });
      return new Response(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body), {
        status: answer.status ?? 200,
        headers: answer.headers ?? {},
      });
    },
    async run(file, args) {
      const command = [file, ...args].join(" ");
      asked.push(command);
      const stdout = commands[command];
      return stdout === undefined
        ? { code: 1, stdout: "", stderr: `${file}: cannot reach the registry\n\tconnection refused\n` }
        : { code: 0, stdout, stderr: "" };
    },
  };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Description, Request } from "./description.ts";

/** What the simulator answers instead of what it would, once. */
export interface Fault {
  readonly method: string;
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request is done, and only its answer is lost. */
  readonly done?: true;
}

export interface Comment {
  readonly id: number;
  readonly author: string;
  body: string;
}

export interface PullRequest {
  readonly number: number;
  readonly state: "open" | "closed";
  /** The branch, and the repository that it is in. */
  readonly head: { readonly sha: string; readonly ref: string; readonly repository: Repository };
  readonly comments: Comment[];
}

export interface Repository {
  readonly id: number;
  readonly full_name: string;
}

const PULLS = "/repos/{owner}/{repo}/pulls";
const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

/** The characters of a comment, and what GitHub says of more. */
const LONGEST = 65_536;

type Json = Record<string, unknown>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Simulates the part of GitHub's REST API that comments need, on loopback. Every request and every answer is held to GitHub's
 * published description; what does not fit is in `wrong`. Answers are the description's own examples, with what a test sets.
 */
export class SimulatedGitHub {
  readonly repository: Repository;
  readonly token = "ghs_simulated0token0of0the0job";
  readonly url: string;
  readonly pulls: PullRequest[] = [];
  readonly requests: Request[] = [];
  readonly wrong: string[] = [];
  readonly faults: Fault[] = [];
  /** What `@octokit` calls the login of the token. */
  author = "github-actions[bot]";
  private readonly server: Server;
  private readonly description: Description;
  private ids = 1000;

  private constructor(server: Server, description: Description, repository: Repository) {
    this.server = server;
    this.description = description;
    this.repository = repository;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(description: Description, repository: Repository): Promise<SimulatedGitHub> {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const github = new SimulatedGitHub(server, description, repository);
    server.on("request", (request, response) => github.take(request, response));
    return github;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  comment(author: string, body: string): Comment {
    return { id: this.ids++, author, body };
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const { method = "", url: path = "" } = request;
      const asked: Request = { method, path, ...(text === "" ? {} : { body: JSON.parse(text) as unknown }) };
      this.requests.push(asked);
      const { status, body, headers = {} } = this.answer(asked, request.headers.authorization);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
      response.end(JSON.stringify(body));
    });
  }

  private answer(request: Request, authorization: string | undefined): Answer {
    const route = this.description.routeOf(request, [PULLS, COMMENTS, COMMENT]);
    if (route === undefined) {
      this.wrong.push(`${request.method} ${request.path} is no request that this simulates`);
      return { status: 404, body: { message: "Not Found" } };
    }
    this.wrong.push(...this.description.wrongIn(route, request));
    const answer = this.faulty(request, () => {
      if (authorization !== `Bearer ${this.token}`)
        return { status: 401, body: { message: "Bad credentials" } };
      if (`${route.values["owner"]}/${route.values["repo"]}` !== this.repository.full_name) return NOT_FOUND;
      if (route.template === PULLS) return this.list(request, this.listed(request));
      if (route.template === COMMENT) return this.changed(Number(route.values["comment_id"]), request);
      const pull = this.pulls.find(({ number }) => number === Number(route.values["issue_number"]));
      if (pull === undefined) return NOT_FOUND;
      if (request.method === "POST") return this.created(pull, request);
      return this.list(
        request,
        pull.comments.map((comment) => this.shown(pull, comment)),
      );
    });
    this.wrong.push(...this.description.wrongInAnswer(route, answer.status, answer.body));
    return answer;
  }

  private faulty({ method }: Request, usual: () => Answer): Answer {
    const index = this.faults.findIndex((fault) => fault.method === method);
    if (index === -1) return usual();
    const [{ status, message, headers, done } = { status: 500, message: "" }] = this.faults.splice(
      index,
      1,
    ) as [Fault];
    if (done) usual();
    return {
      status,
      body: { message, documentation_url: "https://docs.github.com/rest", status: `${status}` },
      ...(headers && { headers }),
    };
  }

  /** `head` filters by owner and branch; what is open is the default. */
  private listed(request: Request): readonly Json[] {
    const query = new URL(request.path, this.url).searchParams;
    const state = query.get("state") ?? "open";
    const head = query.get("head");
    return this.pulls
      .filter((pull) => state === "all" || pull.state === state)
      .filter(({ head: { ref, repository } }) => head === null || head === `${ownerOf(repository)}:${ref}`)
      .map((pull) => {
        const [example = {}] = this.description.exampleOf(PULLS, "get", 200) as readonly Json[];
        const { sha, ref, repository } = pull.head;
        const was = example["head"] as Json;
        const repo = { ...(was["repo"] as Json), ...repository };
        return {
          ...example,
          number: pull.number,
          state: pull.state,
          // The example of 23.0.2 has a team without `type`, which the description's own schema requires.
          requested_teams: [],
          head: { ...was, sha, ref, label: `${ownerOf(repository)}:${ref}`, repo },
        };
      });
  }

  private list(request: Request, all: readonly unknown[]): Answer {
    const url = new URL(request.path, this.url);
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
    const page = Number(url.searchParams.get("page") ?? 1);
    const last = Math.max(1, Math.ceil(all.length / size));
    const at = (number: number, rel: string) => {
      url.searchParams.set("page", `${number}`);
      return `<${url.href}>; rel="${rel}"`;
    };
    const links = [
      ...(page > 1 ? [at(page - 1, "prev")] : []),
      ...(page < last ? [at(page + 1, "next"), at(last, "last")] : []),
      ...(page > 1 ? [at(1, "first")] : []),
    ];
    const body = all.slice((page - 1) * size, page * size);
    return { status: 200, body, ...(links.length > 0 && { headers: { link: links.join(", ") } }) };
  }

  private created(pull: PullRequest, request: Request): Answer {
    const tooLong = tooLongIn(request);
    if (tooLong !== undefined) return tooLong;
    const comment = this.comment(this.author, (request.body as Comment).body);
    pull.comments.push(comment);
    const body = this.shown(pull, comment);
    return { status: 201, body, headers: { location: body["url"] as string } };
  }

  private changed(id: number, request: Request): Answer {
    for (const pull of this.pulls)
      for (const comment of pull.comments) {
        if (comment.id !== id) continue;
        const tooLong = tooLongIn(request);
        if (tooLong !== undefined) return tooLong;
        comment.body = (request.body as Comment).body;
        return { status: 200, body: this.shown(pull, comment) };
      }
    return NOT_FOUND;
  }

  private shown({ number }: PullRequest, { id, author, body }: Comment): Json {
    const example = this.description.exampleOf(COMMENTS, "post", 201) as Json;
    const user = {
      ...(example["user"] as Json),
      login: author,
      type: author.endsWith("[bot]") ? "Bot" : "User",
    };
    const issue = `${this.url}/repos/${this.repository.full_name}/issues/${number}`;
    return {
      ...example,
      id,
      body,
      user,
      issue_url: issue,
      url: `${this.url}/repos/${this.repository.full_name}/issues/comments/${id}`,
    };
  }
}

const NOT_FOUND: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

function ownerOf({ full_name }: Repository): string {
  return full_name.split("/")[0] ?? "";
}

function tooLongIn({ body }: Request): Answer | undefined {
  if ((body as Comment).body.length <= LONGEST) return undefined;
  const message = `Body is too long (maximum is ${LONGEST} characters)`;
  return {
    status: 422,
    body: {
      message: "Validation Failed",
      documentation_url: "https://docs.github.com/rest",
      errors: [{ code: "custom", message }],
    },
  };
}

// GitHub's REST API, as far as a comment needs it: pages of lists, and answers that ask to come again.

/** Tries of one request, the first included. */
const TRIES = 4;
/** Seconds that one request waits for a limit at most: a job that waits longer is a job that hangs. */
const LONGEST_WAIT = 120;
/** Seconds to wait where a limit is met and the answer does not say how long: what GitHub's best practices ask for. */
const UNSAID_WAIT = 60;
/** Seconds before the second, third and fourth try after an answer of 500 and above, or none. */
const PAUSES = [1, 4, 10];
/** Pages of a list that are read at most, of 100 each. */
const PAGES = 100;

/** An answer that is no success. `status` is 0 where no answer came. */
export class ApiError extends Error {
  constructor(status, method, path, said) {
    super(`GitHub answered ${status === 0 ? "nothing" : status} to ${method} ${path}: ${said}`);
    this.status = status;
    this.method = method;
    this.said = said;
  }
}

/**
 * @param url the root of the API, such as https://api.github.com
 * @param token is sent to that host alone
 * @param sleep waits for so many seconds
 * @param now seconds since 1970
 * @param say writes a line to the log
 */
export function github({ url, token, sleep, now, say }) {
  const root = url.replace(/\/+$/, "");

  async function once(method, address, body) {
    const path = address.slice(root.length);
    let response;
    try {
      response = await fetch(address, {
        method,
        redirect: "error",
        signal: AbortSignal.timeout(30_000),
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "x-github-api-version": "2022-11-28",
          "user-agent": "bellwether-review-comment",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok)
        return { value: text === "" ? undefined : JSON.parse(text), headers: response.headers };
      const error = new ApiError(response.status, method, path, saidIn(text));
      return { error, wait: waitOf(response, error.said, now()) };
    } catch (error) {
      // No answer, or one that is cut off.
      const said = error.cause?.message ?? error.message;
      return {
        error: new ApiError(response?.ok ? 0 : (response?.status ?? 0), method, path, said),
        wait: "pause",
      };
    }
  }

  /** Comes again where that is safe: `again` is false for what would create twice. */
  async function request(method, address, body, again = true) {
    for (let attempt = 0; ; attempt++) {
      const { error, wait, ...answer } = await once(method, address, body);
      if (error === undefined) return answer;
      const seconds = wait === "pause" ? (again ? PAUSES[attempt] : undefined) : wait;
      if (seconds === undefined || attempt + 1 >= TRIES) throw error;
      if (seconds > LONGEST_WAIT)
        throw new ApiError(
          error.status,
          method,
          address.slice(root.length),
          `${error.said} (the limit ends in ${seconds} s)`,
        );
      say(`${error.message}; again in ${seconds} s`);
      await sleep(seconds);
    }
  }

  return {
    /** All elements of a list, page by page. */
    async all(path) {
      const found = [];
      let address = `${root}${path}`;
      for (let page = 0; address !== undefined; page++) {
        if (page === PAGES) throw new Error(`${path} has more than ${PAGES} pages`);
        const { value, headers } = await request("GET", address);
        found.push(...value);
        address = nextOf(headers.get("link"));
        // The token goes to no other host.
        if (address !== undefined && !address.startsWith(`${root}/`))
          throw new Error(`the next page of ${path} is on another host: ${new URL(address).origin}`);
      }
      return found;
    },
    /** Changes what is there: coming again does no harm. */
    async change(path, body) {
      return (await request("PATCH", `${root}${path}`, body)).value;
    },
    /** Creates, once: where the answer is lost, the caller looks whether it is there. */
    async create(path, body) {
      return (await request("POST", `${root}${path}`, body, false)).value;
    },
  };
}

/** Seconds to wait before the next try, "pause" for the usual ones, or undefined where the next try would be answered alike. */
function waitOf(response, said, now) {
  if (response.status >= 500) return "pause";
  if (response.status !== 403 && response.status !== 429) return undefined;
  const after = response.headers.get("retry-after");
  if (after !== null && /^\d+$/.test(after)) return Number(after);
  if (response.headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(response.headers.get("x-ratelimit-reset"));
    return Number.isFinite(reset) ? Math.max(1, Math.ceil(reset - now) + 1) : UNSAID_WAIT;
  }
  // A secondary limit may come without a header. Any other 403 says that the token may not.
  return response.status === 429 || /rate limit|abuse/i.test(said) ? UNSAID_WAIT : undefined;
}

/** The message of an answer, on one line. */
function saidIn(text) {
  try {
    const { message, errors } = JSON.parse(text);
    if (typeof message === "string")
      return [
        message,
        ...(Array.isArray(errors) ? errors.map((each) => each?.message ?? JSON.stringify(each)) : []),
      ]
        .join("; ")
        .replaceAll(/\s+/g, " ");
  } catch {
    // A proxy's page of HTML.
  }
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}

function nextOf(link) {
  return /<([^>]+)>;[^,]*\brel="next"/.exec(link ?? "")?.[1];
}

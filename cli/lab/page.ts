import { createHash } from "node:crypto";
import type { Service } from "../../components/service/model.ts";
import { type Html, html, verbatim } from "../report/markup.ts";
import { documentHtml } from "../report/page.ts";
import { STYLE } from "../report/style.ts";
import { CLUSTER, CLUSTER_FAULTS, type ClusterFault, type Fault } from "./faults.ts";
import type { Scenario } from "./scenarios.ts";

/** A service of the lab, as the page has it from the start. */
export interface LabService {
  readonly service: Service;
  /** The objectives that are not simulated, each with the reason. */
  readonly left: Readonly<Record<string, string>>;
  /** The faults that it can have. */
  readonly faults: readonly Fault[];
}

export interface LabPage {
  readonly environment: string;
  readonly faster: number;
  /** What runs, such as prometheus 3.13.5 from PATH. */
  readonly programs: readonly string[];
  readonly services: readonly LabService[];
  /** The titles of the dashboards, in the order in which they are asked for. */
  readonly dashboards: readonly string[];
  /** The game day that is played. */
  readonly scenario?: Scenario;
}

const OWN_STYLE = `
.lab h2 { margin: 2.2rem 0 0.6rem; }
.lab .switches { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.6rem 0 0; padding: 0; list-style: none; }
.lab button { font: inherit; font-size: 0.9rem; color: var(--ink); background: var(--card); border: 1px solid var(--control); border-radius: 6px; padding: 0.35rem 0.8rem; cursor: pointer; }
.lab button[aria-pressed="true"] { background: var(--bad-wash); color: var(--bad); border-color: var(--bad); font-weight: 600; }
.lab button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.lab .service { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem 1.1rem; margin: 0 0 0.8rem; }
.lab figure.message { margin: 0 0 1rem; max-width: 44rem; }
.lab th, .lab td { padding: 0.45rem 0.8rem; font-size: 0.9rem; }
.lab #alerts td:nth-child(6) { min-width: 18rem; }`;

/**
 * Asks the server once a second, and puts what changed into the page. It is text, because it runs in the reader's browser and is bundled by
 * nothing.
 */
const SCRIPT = `(() => {
  const status = document.getElementById("status");
  const switches = [...document.querySelectorAll("button[data-fault]")];
  const shown = new Map();
  const show = ({ faults, sections }) => {
    for (const one of switches)
      one.setAttribute("aria-pressed", String(faults[one.dataset.service] === one.dataset.fault));
    for (const [id, text] of Object.entries(sections)) {
      if (shown.get(id) === text) continue;
      shown.set(id, text);
      document.getElementById(id).innerHTML = text;
    }
  };
  const ask = async () => {
    try {
      show(await (await fetch("/state.json")).json());
      status.textContent = "";
    } catch {
      status.textContent = "The lab does not answer: it was stopped.";
    }
  };
  document.addEventListener("click", async ({ target }) => {
    const { service, fault } = target.dataset ?? {};
    if (fault === undefined) return;
    const isOn = target.getAttribute("aria-pressed") === "true";
    await fetch("/faults", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ service, fault: isOn ? null : fault }),
    });
    await ask();
  });
  const boards = [...document.querySelectorAll("details[data-dashboard]")];
  const draw = async (board) => {
    if (!board.open || document.hidden) return;
    const answer = await fetch("/dashboards/" + board.dataset.dashboard).catch(() => undefined);
    if (answer?.ok) board.querySelector(".drawn").innerHTML = await answer.text();
  };
  for (const board of boards) board.addEventListener("toggle", () => draw(board));
  const drawAll = async () => {
    for (const board of boards) await draw(board);
    setTimeout(drawAll, 10000);
  };
  ask();
  setInterval(ask, 1000);
  setTimeout(drawAll, 10000);
})();`;

const SCRIPT_SOURCE = `'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'`;

export function labHtml({ environment, faster, programs, services, dashboards, scenario }: LabPage): string {
  const time =
    faster === 1
      ? "Time passes as in production."
      : `Time passes ${faster} times faster than in production: what takes a minute there takes ${(60 / faster).toFixed(1)} s here.`;
  return documentHtml({
    title: `Lab of ${environment}`,
    style: `${STYLE}${OWN_STYLE}`,
    script: SCRIPT_SOURCE,
    asksItsServer: true,
    body: html`<div class="page lab">
<header id="top">
<div class="eyebrow">Bellwether lab</div>
<h1>${environment}</h1>
<p class="lede">The rules and routes of ${environment} on this machine, with services that are simulated. ${time}</p>
<p class="quiet">${programs.join(", ")}; <span id="heartbeat"></span></p>
<p id="status" role="status" class="bad"></p>
</header>
<main>
${scenario === undefined ? undefined : gameDayHtml(scenario)}<h2>Services</h2>
<p>Switch a fault on and see who is notified. A service has one fault at a time.</p>
${clusterHtml()}${services.map(serviceHtml)}<h2>Objectives</h2>
<div id="objectives"></div>
<h2>Alerts</h2>
<div id="alerts"></div>
<h2>Time to the message</h2>
<p class="quiet">In production's time, from the switch to the first message about the service. What is promised follows from the windows of the objective, and what Alertmanager waits.</p>
<div id="trials"></div>
<h2>Messages</h2>
<div id="messages"></div>
<h2>Dashboards</h2>
<p class="quiet">As they are rendered for Grafana, drawn from Prometheus of this lab: the last hour of production's time. What is per second is per second of this machine.</p>
${dashboards.map(dashboardHtml)}</main>
</div>
<script>${verbatim(SCRIPT)}</script>
`,
  });
}

function serviceHtml({ service, left, faults }: LabService): Html {
  const { name, owner, tier, description } = service;
  const others = Object.entries(left).map(([objective, reason]) => `${objective}: ${reason}`);
  return html`<section class="service" aria-labelledby="service-${name}"><h3 id="service-${name}">${name}</h3>
<p class="quiet">${description}. Tier ${tier}, owned by ${owner}.${others.length === 0 ? "" : ` Not simulated: ${others.join("; ")}.`}</p>
${switchesHtml(name, faults)}</section>
`;
}

function clusterHtml(): Html {
  return html`<section class="service" aria-labelledby="cluster"><h3 id="cluster">${CLUSTER}</h3>
<p class="quiet">Six nodes in three zones, and three pods of each service that runs on them, as kube-state-metrics would have them.</p>
${switchesHtml(CLUSTER, CLUSTER_FAULTS)}</section>
`;
}

function switchesHtml(of: string, faults: readonly (Fault | ClusterFault)[]): Html {
  return html`<ul class="switches">${faults.map(
    ({ id, title, what }) =>
      html`<li><button type="button" aria-pressed="false" data-service="${of}" data-fault="${id}" title="${what}">${title}</button></li>`,
  )}</ul>`;
}

function gameDayHtml({ title, about }: Scenario): Html {
  return html`<h2>Game day: ${title}</h2>
<p>${about}</p>
<div id="game-day"></div>
`;
}

function dashboardHtml(title: string, index: number): Html {
  return html`<details class="group board" data-dashboard="${index}">
<summary><h3>${title}</h3></summary>
<div class="drawn"><p class="quiet under">It is being drawn.</p></div>
</details>
`;
}
